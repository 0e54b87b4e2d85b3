/** Lists that come page after page. */

/** All pages, from the one that the request names on. */
export async function* pagesOf<Question extends { pageToken: string }, Page extends { nextPageToken: string }>(
  ask: (question: Question) => Promise<Page>,
  request: Question,
): AsyncGenerator<Page, void, undefined> {
  let page;
  do {
    page = await ask({ ...request, pageToken: page?.nextPageToken ?? request.pageToken });
    yield page;
  } while (page.nextPageToken !== "");
}
