package org.wikifeed.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.StreamChangesResponse;

class ResumptionTest {
  private static Resumption begun(long after, long until) {
    Changes changes = Changes.builder().untilOffset(until).build();
    return new Resumption(changes.request(Start.after(after)), Reconnecting.DEFAULT);
  }

  private static StreamChangesResponse response(long through, long... offsets) {
    StreamChangesResponse.Builder made = StreamChangesResponse.newBuilder();
    Arrays.stream(offsets).forEach(each -> made.addChanges(Change.newBuilder().setOffset(each)));
    return made.setThroughOffset(through).build();
  }

  private static List<Long> taken(Resumption core) {
    List<Long> offsets = new ArrayList<>();
    for (Change change = core.nextChange(); change != null; change = core.nextChange()) {
      offsets.add(change.getOffset());
    }
    return offsets;
  }

  @Test
  void whatComesAgainIsHandedOutOnce() {
    Resumption core = begun(2, 0);
    core.received(response(4, 3, 4));
    assertEquals(List.of(3L, 4L), taken(core));
    core.received(response(5, 3, 4, 5));
    assertEquals(List.of(5L), taken(core));
    assertEquals(5, core.request().getAfterOffset());
  }

  @Test
  void aChangeIsHandledWhenTheNextOneIsAskedFor() {
    Resumption core = begun(0, 0);
    core.received(response(9, 1, 2));
    for (long handled : new long[] {0, 1, 9}) {
      core.nextChange();
      assertEquals(OptionalLong.of(handled), core.handled());
    }
  }

  @Test
  void aBatchWithoutChangesMovesThePlace() {
    Resumption core = begun(0, 0);
    core.received(response(6));
    assertEquals(new ChangeBatch(List.of(), 6), core.nextBatch());
    assertNull(core.nextBatch());
    assertEquals(OptionalLong.of(6), core.handled());
  }

  @Test
  void theNewestIsAskedForUntilSomethingCame() {
    Resumption core = new Resumption(Changes.all().request(Start.NEWEST), Reconnecting.DEFAULT);
    assertTrue(core.request().hasPosition());
    core.received(response(40));
    assertEquals(40, core.request().getAfterOffset());
  }

  @Test
  void errorsThatStayAreThrown() {
    Resumption core = begun(0, 0);
    assertTrue(core.failed(Failures.unavailable("away")).compareTo(Duration.ZERO) > 0);
    WikifeedException broken = new WikifeedException(Failure.of("broken", Status.Code.INTERNAL));
    assertSame(broken, assertThrows(WikifeedException.class, () -> core.failed(broken)));
  }

  @Test
  void noHistoryOfCutsLosesOrRepeatsAChange() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      long[] log = LongStream.rangeClosed(1, 40).filter(each -> random.nextInt(10) < 6).toArray();
      Resumption core = begun(0, 40);
      List<Long> seen = new ArrayList<>();
      while (!core.isAtEnd()) {
        long after = core.request().getAfterOffset();
        long from = after - random.nextInt(4);
        long through = Math.min(40, after + random.nextInt(9));
        long[] sent = Arrays.stream(log).filter(each -> each > from && each <= through).toArray();
        core.received(response(through, sent));
        seen.addAll(taken(core));
      }
      assertEquals(Arrays.stream(log).boxed().toList(), seen, "seed " + seed);
    }
  }

  @Test
  void waitsDoubleToTheLongestAndBeginAnew() {
    Reconnecting options =
        new Reconnecting(
            Duration.ofMillis(100), Duration.ofMillis(350), Duration.ofSeconds(45), () -> 0.0);
    Backoff backoff = new Backoff(options);
    for (long wait : new long[] {100, 200, 350, 350}) {
      assertEquals(Duration.ofMillis(wait), backoff.next());
    }
    backoff.reset();
    assertEquals(Duration.ofMillis(100), backoff.next());
  }
}
