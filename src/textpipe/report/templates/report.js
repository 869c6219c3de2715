(function () {
  "use strict";
  var doc = document, form = doc.getElementById("filter"), hits = doc.getElementById("hits");
  var browser = doc.getElementById("browser");
  var all = function (selector, root) { return Array.from((root || doc).querySelectorAll(selector)); };
  var fold = function (text) { return text.normalize("NFKC").toLowerCase(); };
  var pad = function (codes) { return " " + (codes || "") + " "; };
  doc.documentElement.classList.add("js");

  var articles = all("article").map(function (node) {
    return {
      node: node, number: node.dataset.n, period: node.dataset.m, outlet: node.dataset.o || "",
      items: all(".s", node).map(function (item) {
        return { node: item, yes: pad(item.dataset.k), unsure: pad(item.dataset.u), said: pad(item.dataset.s), text: null };
      })
    };
  });
  var axes = all("select[data-axis]", form);

  /* The search words as tests: between other letters, "AI" is not found in "said". */
  function tests(text) {
    return fold(text).split("|").map(function (word) { return word.trim(); }).filter(Boolean)
      .map(function (word) {
        if (word.includes("&&")) {
          var parts = word.split("&&").map(function (part) { return tests(part)[0]; }).filter(Boolean);
          return function (where) { return parts.every(function (test) { return test(where); }); };
        }
        if (!/^[\x20-\x7e]+$/.test(word)) return function (where) { return where.includes(word); };
        var plain = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
        var whole = new RegExp("(^|[^a-z0-9])" + plain + "($|[^a-z0-9])");
        return function (where) { return whole.test(where); };
      });
  }

  function wanted() {
    return {
      words: tests(form.elements["free-text"].value),
      period: form.elements["in-period"].value,
      outlet: form.elements["in-outlet"] ? form.elements["in-outlet"].value : "",
      said: all("[data-said]", form).filter(function (select) { return select.value; }).map(function (select) {
        return " " + select.selectedOptions[0].dataset.s + " ";
      }),
      near: form.elements["show-neighbours"].checked,
      article: form.elements["in-article"].value,
      unsure: form.elements["only-unsure"].checked,
      codes: axes.filter(function (select) { return select.value; }).map(function (select) {
        return { axis: " " + select.dataset.axis + ".", code: select.selectedOptions[0].dataset.k };
      })
    };
  }

  function fits(item, want) {
    var own = want.unsure ? item.unsure : item.yes;
    if (want.unsure && !item.unsure.trim()) return false;
    if (!want.codes.every(function (one) {
      return one.code ? own.includes(" " + one.code + " ") : !item.yes.includes(one.axis);
    })) return false;
    if (!want.said.every(function (code) { return item.said.includes(code); })) return false;
    if (!want.words.length) return true;
    if (item.text === null) item.text = fold(item.node.querySelector(".t").textContent);
    return want.words.some(function (test) { return test(item.text); });
  }

  function apply() {
    var want = wanted(), sentences = 0, found = 0;
    var active = !!(want.words.length || want.period || want.outlet || want.said.length || want.article || want.unsure || want.codes.length);
    articles.forEach(function (article) {
      var own = 0;
      var open = (!want.period || want.period === article.period) &&
        (!want.outlet || want.outlet === article.outlet) &&
        (!want.article || want.article === article.number);
      article.items.forEach(function (item) {
        var shown = open && fits(item, want);
        item.node.hidden = !shown;
        item.node.classList.remove("near");
        item.shown = shown;
        own += shown ? 1 : 0;
      });
      if (want.near && active && own) article.items.forEach(function (item, at) {
        var beside = [article.items[at - 1], article.items[at + 1]];
        if (item.shown || !beside.some(function (other) { return other && other.shown; })) return;
        item.node.hidden = false;
        item.node.classList.add("near");
      });
      article.node.hidden = active && !own;
      sentences += own;
      found += own || !active ? 1 : 0;
    });
    browser.classList.toggle("filtered", active);
    hits.textContent = active && !sentences ? hits.dataset.none :
      (active ? hits.dataset.hits : hits.dataset.all)
        .replace("{n}", sentences.toLocaleString("en")).replace("{a}", found.toLocaleString("en"));
  }

  function fill(params) {
    all("[name]", form).forEach(function (field) {
      var value = params.get(field.name) || "";
      if (field.type === "checkbox") field.checked = value === "1";
      else field.value = value;
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
    });
  }

  function remember() {
    var params = new URLSearchParams();
    new FormData(form).forEach(function (value, key) { if (value) params.append(key, value); });
    var hash = params.toString().replace(/\+/g, "%20");
    history.replaceState(null, "", hash ? "#" + hash : "#browser");
  }

  /* A hash with "=" is a filter; any other is a place, which a filter must not hide. */
  function follow() {
    var hash = location.hash.slice(1);
    if (hash.includes("=")) {
      fill(new URLSearchParams(hash));
      apply();
      doc.getElementById("h-browser").focus({ preventScroll: true });
      browser.scrollIntoView();
      return;
    }
    var place = hash && doc.getElementById(hash);
    if (place && !place.getClientRects().length) {
      fill(new URLSearchParams());
      apply();
      place.scrollIntoView();
    }
  }

  var timer;
  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(function () { apply(); remember(); }, 120);
  });
  form.addEventListener("reset", function () { setTimeout(function () { apply(); remember(); }); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", follow);
  doc.addEventListener("click", function (event) {
    var anchor = event.target.closest("a[href^='#']");
    if (anchor && anchor.getAttribute("href") === location.hash) follow();
  });

  /* Charts: what a mark says is shown while the pointer rests on it, and read by a screen reader. */
  all("svg.marks a [aria-label]").forEach(function (mark) {
    var title = doc.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = mark.getAttribute("aria-label");
    mark.appendChild(title);
    mark.closest("a").setAttribute("aria-label", title.textContent);
  });

  /* Tables: by a column's numbers, or its words; a second click turns the order round. */
  function value(row, index) {
    var cell = row.cells[index], text = cell.dataset.v || cell.textContent.trim();
    var number = Number(text.replace(/,/g, ""));
    return text === "" || isNaN(number) ? text : number;
  }
  function sort(button) {
    var head = button.closest("th"), body = head.closest("table").tBodies[0];
    var down = head.getAttribute("aria-sort") === "descending" ||
      (!head.hasAttribute("aria-sort") && !head.classList.contains("n"));
    all("th[aria-sort]", head.parentNode).forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "ascending" : "descending");
    Array.from(body.rows).map(function (row) { return [value(row, head.cellIndex), row]; })
      .sort(function (a, b) {
        var order = typeof a[0] === "number" && typeof b[0] === "number" ? a[0] - b[0] :
          String(a[0]).localeCompare(String(b[0]), doc.documentElement.lang);
        return down ? order : -order;
      }).forEach(function (pair) { body.appendChild(pair[1]); });
  }
  all("table.sort th button").forEach(function (button) {
    button.addEventListener("click", function () { sort(button); });
  });

  apply();
  if (location.hash) follow();
}());
