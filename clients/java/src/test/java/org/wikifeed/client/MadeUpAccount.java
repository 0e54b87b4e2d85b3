package org.wikifeed.client;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.wikifeed.v1.Account;
import org.wikifeed.v1.AccountServiceGrpc.AccountServiceImplBase;
import org.wikifeed.v1.DailyUsage;
import org.wikifeed.v1.GetAccountRequest;
import org.wikifeed.v1.GetAccountResponse;
import org.wikifeed.v1.ListUsageRequest;
import org.wikifeed.v1.ListUsageResponse;
import org.wikifeed.v1.UsageCounts;
import org.wikifeed.v1.UsageLimits;

/** A service that has the account "ada", and is unavailable as often as it is told. */
final class MadeUpAccount extends AccountServiceImplBase {
  static final DailyUsage DAY =
      DailyUsage.newBuilder()
          .setDay("2026-01-31")
          .setCounts(UsageCounts.newBuilder().setOnDemand(3))
          .build();

  final List<ListUsageRequest> usages = Collections.synchronizedList(new ArrayList<>());

  /** How many calls are yet to find it unavailable. */
  volatile int absences;

  @Override
  public void getAccount(GetAccountRequest request, StreamObserver<GetAccountResponse> answer) {
    answer(
        GetAccountResponse.newBuilder()
            .setAccount(Account.newBuilder().setUsername("ada"))
            .setUsed(UsageCounts.newBuilder().setOnDemand(3))
            .setLeft(UsageLimits.newBuilder().setOnDemand(7))
            .build(),
        answer);
  }

  @Override
  public void listUsage(ListUsageRequest request, StreamObserver<ListUsageResponse> answer) {
    usages.add(request);
    answer(ListUsageResponse.newBuilder().addDays(DAY).build(), answer);
  }

  private <R> void answer(R response, StreamObserver<R> answer) {
    if (absences-- > 0) {
      answer.onError(Status.UNAVAILABLE.asRuntimeException());
      return;
    }
    answer.onNext(response);
    answer.onCompleted();
  }
}
