// A phone's page: without this script it works too, by its form and by loading it again.
(function () {
  'use strict';
  var lost = document.getElementById('lost');
  var busy = false, over = false;
  function main() { return document.querySelector('main'); }
  function tell(text) { lost.textContent = text; lost.hidden = !text; }
  function ask(address, options) {
    var ended = new AbortController();
    var timer = setTimeout(function () { ended.abort(); }, 8000);
    options = options || {};
    options.signal = ended.signal;
    options.credentials = 'same-origin';
    options.cache = 'no-store';
    return fetch(address, options).then(
      function (answer) { return answer.text().then(function (text) {
        clearTimeout(timer);
        return { status: answer.status, ok: answer.ok, text: text };
      }); },
      function (error) { clearTimeout(timer); throw error; }
    );
  }
  function put(text) {
    var page = new DOMParser().parseFromString(text, 'text/html');
    var fresh = page.querySelector('main');
    if (!fresh) return;
    var at = document.activeElement && document.activeElement.value;
    main().replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    var same = at && main().querySelector('button[value="' + Number(at) + '"]');
    if (same) same.focus();
  }
  function heading(text) {
    var found = new DOMParser().parseFromString(text, 'text/html').querySelector('h1');
    return found ? found.textContent : lost.dataset.lost;
  }
  function look() {
    if (busy || over || document.hidden || !main().dataset.now) return;
    busy = true;
    ask(location.pathname + '/now').then(function (answer) {
      if (answer.status === 429) return null;
      tell('');
      if (answer.ok && answer.text === main().dataset.now) return null;
      return ask(location.href).then(function (page) {
        if (page.status === 404) over = true;
        if (page.ok || over) put(page.text);
      });
    }).catch(function () { tell(lost.dataset.lost); }).then(function () { busy = false; });
  }
  document.addEventListener('click', function (event) {
    var button = event.target.closest && event.target.closest('button[name=answer]');
    if (!button) return;
    event.preventDefault();
    var form = button.form;
    busy = true;
    ask(form.action, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'question=' + form.elements.question.value + '&answer=' + button.value
    }).then(function (answer) {
      if (answer.ok) { tell(''); put(answer.text); } else { tell(heading(answer.text)); }
    }).catch(function () { tell(lost.dataset.unsent); }).then(function () { busy = false; });
  });
  setInterval(look, 2000);
  document.addEventListener('visibilitychange', look);
  window.addEventListener('online', look);
})();
