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

/** The other parts' numbers and addresses. A page of an older site leads to all of them. */
function others() {
  const { first, total, number } = document.querySelector(".parts").dataset;
  if (!total) return [...document.querySelectorAll(".parts li a")].map((link) => [Number(link.textContent), link.href]);
  const parts = Array.from({ length: Number(total) }, (_, place) => place + 1).filter((part) => part !== Number(number));
  return parts.map((part) => [part, new URL(part === 1 ? first : `${first}page/${part}/`, document.baseURI).href]);
}

/** Every row of the other parts: {row, isAlso, part}, with links that lead from this page, too. */
export async function otherRows() {
  const found = [];
  for (const [part, address] of others()) {
    for (const row of (await loaded(address)).querySelectorAll("main ol.papers > [data-slug]")) {
      const isAlso = row.closest("[data-also]") !== null;
      for (const link of row.querySelectorAll("a")) link.setAttribute("href", link.href);
      found.push({ row: document.adoptNode(row), isAlso, part });
    }
  }
  return found;
}
