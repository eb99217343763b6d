// The rows of a long list's other parts, for its sorting and filtering.

/** A page of this site as a document, by a way that runs none of its scripts. */
const loaded = (address) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open("GET", address);
  request.responseType = "document";
  request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(new Error(`${request.status}`)));
  request.onerror = reject;
  request.send();
});

/** Every row of the other parts: {row, isAlso, part}, with links that lead from this page, too. */
export async function otherRows() {
  const found = [];
  for (const { href, textContent } of document.querySelectorAll(".parts li a")) {
    for (const row of (await loaded(href)).querySelectorAll("main ol.papers > [data-slug]")) {
      const isAlso = row.closest("[data-also]") !== null;
      for (const link of row.querySelectorAll("a")) link.setAttribute("href", link.href);
      found.push({ row: document.adoptNode(row), isAlso, part: Number(textContent) });
    }
  }
  return found;
}
