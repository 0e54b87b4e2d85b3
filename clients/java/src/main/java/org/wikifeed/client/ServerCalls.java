package org.wikifeed.client;

import io.grpc.Channel;
import java.time.LocalDate;
import java.util.List;
import org.wikifeed.v1.AccountServiceGrpc;
import org.wikifeed.v1.CatalogServiceGrpc;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.DailyUsage;
import org.wikifeed.v1.GetAccountRequest;
import org.wikifeed.v1.GetAccountResponse;
import org.wikifeed.v1.GetChangeLogInfoRequest;
import org.wikifeed.v1.GetChangeLogInfoResponse;
import org.wikifeed.v1.ListUsageRequest;
import org.wikifeed.v1.Project;

/** The connection, and what a server tells of itself and of who calls. */
abstract class ServerCalls implements AutoCloseable {
  private final Connection connection;

  ServerCalls(Connection connection) {
    this.connection = connection;
  }

  /**
   * The projects that the server has.
   *
   * @param languages of these languages only ("en"); none means all
   * @return the projects, in the order of their identifiers
   */
  public List<Project> projects(String... languages) {
    return connection
        .ask(CatalogServiceGrpc.getListProjectsMethod(), Requests.projects(languages))
        .getProjectsList();
  }

  /**
   * Which offsets and times the log holds, and how long it keeps them.
   *
   * @return what the server says
   */
  public GetChangeLogInfoResponse changeLog() {
    return connection.ask(
        ChangeServiceGrpc.getGetChangeLogInfoMethod(),
        GetChangeLogInfoRequest.getDefaultInstance());
  }

  /**
   * The account that calls: its plan, what it used this month and what is left.
   *
   * @return what the server says
   * @throws UnauthenticatedException where the client shows no credentials
   */
  public GetAccountResponse account() {
    return connection.ask(
        AccountServiceGrpc.getGetAccountMethod(), GetAccountRequest.getDefaultInstance());
  }

  /**
   * What the account that calls used this month until today (UTC).
   *
   * @return the days on which it used anything, in their order
   * @throws UnauthenticatedException where the client shows no credentials
   */
  public List<DailyUsage> usage() {
    return usage(ListUsageRequest.getDefaultInstance());
  }

  /**
   * What the account that calls used, by day (UTC).
   *
   * @param firstDay the first day
   * @param lastDay the last day, itself included
   * @return the days on which it used anything, in their order
   * @throws UnauthenticatedException where the client shows no credentials
   */
  public List<DailyUsage> usage(LocalDate firstDay, LocalDate lastDay) {
    return usage(Requests.usage(firstDay, lastDay));
  }

  /**
   * The same of the days of a request, which may name one end only.
   *
   * @param request which days
   * @return the days on which it used anything, in their order
   * @throws UnauthenticatedException where the client shows no credentials
   */
  public List<DailyUsage> usage(ListUsageRequest request) {
    return connection.ask(AccountServiceGrpc.getListUsageMethod(), request).getDaysList();
  }

  /**
   * The connection, for the generated stubs of what this class has no method for. It shows the
   * client's credentials.
   *
   * @return the channel
   */
  public Channel channel() {
    return connection.channel();
  }

  /** Closes the connection; calls that go on end. */
  @Override
  public void close() {
    connection.close();
  }

  Connection connection() {
    return connection;
  }
}
