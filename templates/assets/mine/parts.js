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
  const { first, total, number } = document.querySelector(".parts").dataset;
  for (let part = 1; part <= total; part++) {
    if (part === Number(number)) continue;
    const address = new URL(part === 1 ? first : `${first}page/${part}/`, document.baseURI).href;
    for (const row of (await loaded(address)).querySelectorAll("main ol.papers > [data-slug]")) {
      const isAlso = row.closest("[data-also]") !== null;
      for (const link of row.querySelectorAll("a")) link.setAttribute("href", link.href);
      found.push({ row: document.adoptNode(row), isAlso, part });
    }
  }
  return found;
}
