// app.js: small enhancements only. Every page works without it.
import { initAll } from './vendor/govuk/govuk-frontend.min.js'
import { initAll as initMoj, FilterToggleButton } from './vendor/moj/moj-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
initMoj()
document.querySelectorAll('[data-module="moj-filter"]').forEach(el => new FilterToggleButton(el, {
  bigModeMediaQuery: '(min-width: 60em)', startHidden: false,
  toggleButton: { showText: 'Show filter', hideText: 'Hide filter', classes: 'govuk-button--secondary' },
  toggleButtonContainer: { selector: '.moj-action-bar__filter' },
  closeButton: { text: 'Close', classes: 'moj-filter__close' },
  closeButtonContainer: { selector: '.moj-filter__header-action' }
}))

// "/" goes to search, as in most mail and code tools. Ignored while typing.
const typing = el => el.matches('input:not([type=radio],[type=checkbox]), textarea, select')
document.addEventListener('keydown', e => {
  const search = document.getElementById('q')
  if (e.key === '/' && search && !typing(e.target) && !e.ctrlKey && !e.metaKey) { e.preventDefault(); search.focus(); search.select() }
})

// On the page of what was found, arrows go from the box or the heading through the results and back.
document.addEventListener('keydown', e => {
  const results = [...document.querySelectorAll('[data-results] a[data-result]')]
  if (!results.length || !['ArrowDown', 'ArrowUp'].includes(e.key) || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.isComposing) return
  const at = results.indexOf(document.activeElement)
  if (at < 0 && !document.activeElement.matches('#q, #found')) return
  const to = e.key === 'ArrowDown' ? results[at + 1] : at > 0 ? results[at - 1] : document.getElementById('q')
  if (to) { e.preventDefault(); to.focus() }
})

// Inside a risk group R, A, G choose; inside the JET table 1 to 9 choose. Only when focus is already in the group (WCAG 2.1.4).
// data-key is the letter where it is not the value itself: value "red" answers to R.
const answers = (input, key) => (input.dataset.key || input.value).toLowerCase() === key.toLowerCase()
document.addEventListener('keydown', e => {
  const group = e.target.closest('[data-keys]')
  if (!group || e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return
  const hit = [...group.querySelectorAll('input[type=radio]')].find(input => answers(input, e.key))
  if (hit) { e.preventDefault(); hit.checked = true; hit.focus(); hit.dispatchEvent(new Event('change', { bubbles: true })) }
})

// Enter in a one-line field of a return never sends it; Ctrl+Enter does, with the form's main (last) button.
document.addEventListener('keydown', e => {
  if (e.key !== 'Enter' || e.isComposing) return
  const form = e.target.form || e.target.closest('form') // a tick may stand outside its form
  if (!form) return
  if (e.ctrlKey || e.metaKey) {
    const main = [...form.querySelectorAll('button[type=submit]')].pop()
    if (main) { e.preventDefault(); form.requestSubmit(main) }
  } else if (form.hasAttribute('data-no-enter') && e.target.matches('input')) {
    e.preventDefault()
  }
})

// One tick for every contract that may go unchanged; it is hidden where no script would answer it.
document.querySelectorAll('[data-with-scripts]').forEach(part => { part.hidden = false })
document.querySelectorAll('[data-all]').forEach(all => {
  const each = [...document.querySelectorAll(`input[name="${all.dataset.all}"]`)]
  all.addEventListener('change', () => each.forEach(input => { input.checked = all.checked }))
  each.forEach(input => input.addEventListener('change', () => { all.checked = each.every(one => one.checked) }))
})

// Copy last month's words.
document.querySelectorAll('[data-copy]').forEach(link => link.addEventListener('click', e => {
  const to = document.getElementById(link.dataset.to), from = document.getElementById(link.dataset.copy)
  if (!to || !from) return
  e.preventDefault()
  const words = from.textContent.trim().replace(/^“|”$/g, '')
  to.value = to.value.trim() ? `${to.value.trimEnd()}\n${words}` : words // what was typed stays
  to.focus(); to.dispatchEvent(new Event('keyup', { bubbles: true })); to.dispatchEvent(new Event('input', { bubbles: true }))
}))

// A return's draft saves itself. A button pressed meanwhile waits for the answer, which brings the version it must carry.
const draft = document.querySelector('form[data-draft]')
if (draft) {
  const say = words => { document.getElementById(draft.dataset.draft).textContent = words }
  let saving = false, sent = false, waiting = null
  draft.addEventListener('submit', e => {
    if (e.submitter?.formMethod === 'dialog') return
    if (saving) { e.preventDefault(); waiting = [e.submitter] } else { sent = true }
  })
  draft.addEventListener('htmx:beforeRequest', e => {
    if (sent || waiting) e.preventDefault()
    else saving = true
  })
  draft.addEventListener('htmx:afterRequest', () => {
    saving = false
    if (!waiting) return
    const [button] = waiting
    waiting = null
    draft.requestSubmit(button?.isConnected ? button : null)
  })
  const failed = () => say('The draft could not be saved just now. Save it yourself, or copy what you have typed.')
  draft.addEventListener('htmx:sendError', failed)
  draft.addEventListener('htmx:responseError', failed)
  window.addEventListener('pageshow', e => { if (e.persisted) sent = false }) // back to this page as it was left
}

// KPIs of a return: how each stands as it is typed, what is done only about those that are short, and a reason only for
// a grade that they do not bear out. Which grades those are the server says, on the page and after each draft.
const kpis = [...document.querySelectorAll('tr[data-kpi]')]
const figure = text => text.replace(/[,%£\s]/g, '') === '' ? NaN : Number(text.replace(/[,%£\s]/g, ''))
const gapOf = (value, { direction, target, upper }) => direction === 'at_least' ? target - value : direction === 'at_most' ? value - target : Math.max(target - value, value - upper)
const lookAtKpi = row => {
  const [first, whole] = row.querySelectorAll('.jc-in input'), none = row.querySelector('.jc-tick input').checked
  const of = Object.fromEntries(['target', 'upper', 'tolerance', 'before'].map(name => [name, Number(row.dataset[name])]))
  const value = whole ? 100 * figure(first.value) / figure(whole.value) : figure(first.value)
  const gap = gapOf(value, { ...of, direction: row.dataset.direction })
  const short = gap > of.tolerance, above = row.dataset.direction !== 'between' && gap < -of.tolerance
  const change = 'before' in row.dataset ? gapOf(of.before, { ...of, direction: row.dataset.direction }) - gap : NaN
  const trend = change > 0 ? 'Short, improving' : change < 0 ? 'Short, getting worse' : change === 0 ? 'Short, no better' : 'Short of target'
  const words = none ? 'Nothing to count' : !Number.isFinite(gap) ? 'No reading yet' : short ? `▼ ${trend}` : above ? '▲ Beats target' : '● On target'
  const plan = row.querySelector('[data-plan]')
  plan.hidden = (none || !short) && !('stays' in plan.dataset)
  row.querySelector('[data-status]').textContent = words
}
const reason = document.querySelector('[data-kpi-reason]')
const lookAtReason = () => {
  const fits = document.getElementById('kpi-fits'), score = document.querySelector('.jc-pick input:checked')?.value
  const allowed = fits.dataset.fits.split(' ').filter(Boolean), known = allowed.length || 'none' in fits.dataset
  const graded = score && score !== 'not_assessed'
  reason.hidden = !(known && graded && !allowed.includes(score)) && !('stays' in reason.dataset)
}
if (reason) {
  kpis.forEach(row => { row.addEventListener('input', () => lookAtKpi(row)); lookAtKpi(row) })
  reason.closest('form').addEventListener('change', lookAtReason)
  document.addEventListener('htmx:afterSettle', lookAtReason)
  lookAtReason()
}

// One-page grid: keep the count in the bar true, ask for a sentence where the rule will, and for reasons only where they are needed.
const grid = document.querySelector('.jc-bulk')
const send = document.getElementById('bulk-send')
if (grid && send) {
  const rows = [...grid.querySelectorAll('tr[data-row]')]
  const most = Number(grid.dataset.most)
  const lacks = (risk, jet, reason, words, free, due, against) => {
    if (due) return 'Type the KPI values in its own return'
    if (words.length > most) return `${words.length - most} character${words.length - most === 1 ? '' : 's'} too many`
    if (!risk || !jet) return 'Choose risk and JET'
    if (jet === 'not_assessed' && !reason) return 'Say why JET was not assessed'
    if (against) return 'Say why this score stands, or choose one that fits'
    return words || free.includes(`${risk}-${jet}`) ? '' : 'Say what changed, or why nothing did'
  }
  const look = row => {
    const risk = row.querySelector('input[type=radio]:checked')?.value, jet = row.querySelector('select').value
    const why = row.querySelector('.jc-why'), reason = why.querySelector('input').value.trim()
    why.hidden = jet !== 'not_assessed' && !reason && !('stays' in why.dataset)
    const stands = row.querySelector('.jc-against'), given = stands?.querySelector('textarea').value.trim()
    const unfit = 'fits' in row.dataset && jet > 0 && !row.dataset.fits.split(' ').includes(jet)
    if (stands) stands.hidden = !unfit && !given && !('stays' in stands.dataset)
    const words = row.querySelector('textarea[name$="-narrative"]').value.trim()
    const lack = lacks(risk, jet, reason, words, row.dataset.free.split(' '), 'due' in row.dataset, unfit && !given)
    const checked = row.querySelector('.jc-tick input').checked
    row.classList.toggle('is-ready', checked && !lack)
    row.classList.toggle('is-query', checked && !!lack)
    const ask = row.querySelector('.jc-ask')
    ask.hidden = !lack
    say(ask, lack)
    return checked ? (lack ? 'query' : 'ready') : 'left'
  }
  const say = (element, words) => { if (element.textContent !== words) element.textContent = words } // a status is read out when it is set
  const count = () => {
    const states = rows.map(look), of = state => states.filter(each => each === state).length
    const query = of('query')
    say(document.getElementById('bulk-count'), `${of('ready')} ready, ${query} ${query === 1 ? 'needs' : 'need'} something more, ${of('left')} not checked yet`)
    say(send, `Submit ${of('ready')} ready`)
  }
  grid.addEventListener('input', count); grid.addEventListener('change', count); window.addEventListener('pageshow', count); count()
}

// Many rows are typed before anything is saved: leaving such a page by a link or another form asks first.
const unsaved = document.querySelector('form[data-unsaved]')
if (unsaved) {
  let changed = unsaved.hasAttribute('data-brought')
  unsaved.addEventListener('input', () => { changed = true })
  unsaved.addEventListener('submit', e => { if (e.submitter?.formMethod !== 'dialog') changed = false })
  window.addEventListener('beforeunload', e => { if (changed) e.preventDefault() })
}

// The server ends an idle session; two minutes before that at the least, say so and offer to stay. It writes the end
// of a session once a minute, so a session may end a minute early.
const WARNING_MS = 3 * 60 * 1000
const dialog = document.getElementById('idle-warning')
const idleMs = Number(document.body.dataset.idleSeconds) * 1000
if (dialog && idleMs > WARNING_MS) {
  // Other tabs of the same person keep the session alive too, so the last sign of life is shared.
  const seen = 'jc-last-request'
  let timer
  const lastSeen = () => Number(localStorage.getItem(seen)) || Date.now()
  const noteRequest = () => { localStorage.setItem(seen, String(Date.now())); schedule() }
  const schedule = () => {
    clearTimeout(timer)
    if (dialog.open) dialog.close()
    timer = setTimeout(warn, lastSeen() + idleMs - WARNING_MS - Date.now())
  }
  const warn = () => {
    const left = lastSeen() + idleMs - Date.now()
    if (left > WARNING_MS + 1000) return schedule()
    if (!dialog.open) dialog.showModal()
    clearTimeout(timer)
    timer = setTimeout(leave, Math.max(left, 0) + 1000)
  }
  // What is typed into a form that is kept goes to the server, which holds it until the same person is back.
  const typed = new Set()
  document.addEventListener('input', e => { const form = e.target.closest('form[data-kept]'); if (form) typed.add(form) })
  const leave = () => {
    const [form] = typed
    if (!form) return location.reload()
    const draft = Object.assign(document.createElement('input'), { type: 'hidden', name: 'do', value: 'draft' })
    form.append(draft)
    form.dispatchEvent(new Event('submit')) // nothing asks whether to leave
    form.submit()
  }
  const stay = async () => {
    try {
      const answer = await fetch(document.body.dataset.keepaliveUrl, { credentials: 'same-origin', redirect: 'error' })
      if (!answer.ok) throw new Error(answer.statusText)
      noteRequest()
    } catch {
      dialog.querySelector('[role=status]').textContent = 'That did not work. Copy what you have typed before you sign in again.'
    }
  }
  dialog.querySelector('[data-stay]').addEventListener('click', stay)
  dialog.addEventListener('cancel', e => { e.preventDefault(); stay() })
  window.addEventListener('storage', e => { if (e.key === seen) schedule() })
  document.addEventListener('visibilitychange', () => { if (!document.hidden && !dialog.open) warn() })
  document.addEventListener('htmx:afterRequest', noteRequest)
  noteRequest()
}
