// What the page says, in Chinese and English side by side.

import { useSyncExternalStore } from 'react'

const words = {
  title: ['话术坐席台', 'Huashu desk'],
  skip: ['跳到主要内容', 'Skip to the main content'],
  user: ['用户名', 'User name'],
  password: ['密码', 'Password'],
  sign_in: ['登录', 'Sign in'],
  signing_in: ['正在登录…', 'Signing in…'],
  sign_out: ['退出登录', 'Sign out'],
  welcome: ['机器人说过的话、问过的事，都在您眼前。', 'Everything the bot said and asked is in front of you.'],
  or: ['或', 'or'],
  sso_failed: ['单点登录没有成功，请重试或联系管理员。', 'Single sign-on failed. Try again or ask your administrator.'],
  sso_role: ['您的账号没有坐席台的角色，请联系管理员。', 'Your account has no role at this desk. Ask your administrator.'],
  err_refused: ['用户名或密码不正确', 'Wrong user name or password'],
  err_too_many: ['尝试次数过多，请 {n} 秒后再试', 'Too many tries. Try again in {n} s'],
  err_too_many_minutes: ['尝试次数过多，请 {n} 分钟后再试', 'Too many tries. Try again in {n} minutes'],
  err_network: ['连不上服务器，请检查网络', 'The server cannot be reached. Check your network'],
  err_other: ['没有成功，请重试', 'That did not work. Try again'],
  locked: ['页面已锁定', 'Locked'],
  locked_why: ['一段时间没有操作，为保护客户信息已锁定。会话不会丢失。', 'Nobody touched the page for a while. Conversations are kept.'],
  unlock: ['解锁', 'Unlock'],
  sso_unlock: ['请重新登录以解锁', 'Sign in again to unlock'],

  desk: ['坐席台', 'Desk'],
  wall: ['监控墙', 'Wall'],
  tickets: ['工单', 'Tickets'],
  menu: ['菜单', 'Menu'],
  help: ['快捷键', 'Shortcuts'],
  language: ['语言', 'Language'],
  theme: ['外观', 'Appearance'],
  theme_auto: ['跟随系统', 'As the system'],
  theme_light: ['浅色', 'Light'],
  theme_dark: ['深色', 'Dark'],
  ring: ['提示音（新会话、新消息）', 'Sounds (offers, new words)'],
  desktop: ['桌面通知', 'Desktop notification'],
  desktop_denied: ['浏览器不允许通知，请在地址栏左侧打开', 'The browser blocks notifications; allow them beside the address'],
  change_password: ['修改密码', 'Change password'],
  old_password: ['原密码', 'Old password'],
  new_password: ['新密码（至少 10 位）', 'New password (10 characters or more)'],
  changed: ['密码已修改', 'The password is changed'],
  audit: ['审计记录', 'Audit'],
  save: ['保存', 'Save'],
  saved: ['已保存', 'Saved'],
  saving: ['正在保存…', 'Saving…'],
  cancel: ['取消', 'Cancel'],
  close: ['关闭', 'Close'],
  confirm: ['确定', 'Confirm'],
  open: ['打开', 'Open'],

  link_open: ['已连接', 'Connected'],
  link_connecting: ['正在连接…', 'Connecting…'],
  link_lost: ['连接断开，正在重连，您写的内容不会丢', 'Connection lost, reconnecting. Nothing you wrote is lost'],
  link_elsewhere: ['您已在另一个页面打开坐席台', 'The desk is open in another window'],
  use_here: ['在这里使用', 'Use it here'],
  unsent: ['{n} 条待发送', '{n} to be sent'],
  expires: ['登录还有 {n} 分钟到期，到期后会话会转给其他坐席，请先结束会话，再重新登录', 'Your session ends in {n} min and your conversations go to others: finish them and sign in again'],

  presence: ['状态', 'Status'],
  available: ['空闲', 'Available'],
  wrap_up: ['话后处理', 'Wrap-up'],
  break: ['小休', 'Break'],
  offline: ['离线', 'Offline'],
  wrap_up_done: ['处理完成', 'Wrap-up done'],

  queues: ['队列', 'Queues'],
  queue: ['队列', 'Queue'],
  waiting: ['排队', 'Waiting'],
  longest: ['最长等待', 'Longest wait'],
  expected: ['预计等待', 'Expected wait'],
  answered: ['已接', 'Answered'],
  lost: ['放弃', 'Lost'],
  opinion: ['满意度', 'Satisfaction'],
  opinion_of: ['今天问了 {asked} 位，{answers} 位回答', '{answers} of {asked} asked today answered'],
  rated_csat: ['客户打分 {score}/5', 'rated {score} of 5'],
  rated_nps: ['推荐意愿 {score}/10', 'would recommend: {score} of 10'],
  not_rated: ['客户没打分', 'not rated by the caller'],
  level: ['服务水平', 'Service level'],
  free_agents: ['可用坐席', 'Agents free'],
  state: ['状态', 'State'],
  opened: ['开放', 'Open'],
  shut: ['已关闭', 'Closed'],
  since_midnight: ['今日', 'today'],

  offers: ['待接听', 'Ringing'],
  offer_from: ['{bot} 转来', 'from {bot}'],
  accept: ['接听', 'Accept'],
  accept_text: ['接入', 'Accept'],
  decline: ['拒绝', 'Decline'],
  seconds_left: ['{n} 秒', '{n} s'],
  new_offer: ['新的{medium}等您接听', 'A {medium} is ringing'],
  conversations: ['我的会话', 'My conversations'],
  no_conversations: ['暂无会话', 'No conversations'],
  none_here: ['还没有接入的会话，有客户转人工时会在这里响铃。', 'None yet. It rings here when a caller wants a person.'],
  none_hint: ['有客户转人工时，左下方会响铃。', 'When a caller wants a person, it rings at the lower left.'],
  choose_one: ['请在左侧选择会话', 'Choose a conversation on the left'],
  away_now: ['您现在是“{presence}”', 'You are set to “{presence}”'],
  away_hint: ['这时不会有新会话进来。', 'Nothing new will ring meanwhile.'],
  be_available: ['开始接待', 'Be available'],
  new_words: ['客户发来新消息', 'A caller has written'],
  awaits: ['等回复', 'waits'],
  leave_callers: ['您还有 {n} 个会话没有结束，退出后会转给其他坐席。', 'You still have {n} conversations; they go to others when you sign out.'],
  ended_meanwhile: ['会话已结束，操作没有提交', 'The conversation has ended; nothing was sent'],
  voice: ['通话', 'call'],
  text: ['文字', 'chat'],
  inbound: ['呼入', 'inbound'],
  outbound: ['外呼', 'outbound'],
  unread: ['{n} 条未读', '{n} unread'],

  state_bot: ['机器人接待', 'With the bot'],
  state_queued: ['排队中', 'Queued'],
  state_offered: ['振铃中', 'Ringing'],
  state_accepted: ['待接入', 'Accepted'],
  state_bridged: ['人工服务', 'With an agent'],
  state_returned: ['已交回机器人', 'Back with the bot'],
  state_closed: ['已结束', 'Closed'],
  state_failed: ['无人接听', 'Nobody came'],
  on_hold: ['保持中', 'On hold'],

  briefing: ['交接摘要', 'Briefing'],
  reason: ['转人工原因', 'Why'],
  reason_requested: ['客户要求', 'Asked for a person'],
  reason_anger: ['情绪激动', 'Upset'],
  reason_no_match: ['多次未听懂', 'Not understood'],
  reason_script: ['流程转接', 'By the script'],
  reason_high_value: ['重要客户', 'Valued customer'],
  reason_rule: ['规则触发', 'By a rule'],
  reason_supervisor: ['班长指派', 'By a supervisor'],
  reason_transfer: ['坐席转来', 'Transferred'],
  reason_error: ['系统故障', 'System error'],
  stands_at: ['进行到', 'Stands at'],
  open_question: ['机器人刚问', 'Open question'],
  promised: ['已承诺', 'Promised'],
  refused_by: ['客户已拒绝', 'Refused'],
  earlier: ['历史', 'History'],
  mood: ['情绪', 'Mood'],
  mood_now: ['当前情绪 {n}%，最高 {m}%', 'Anger now {n} %, at most {m} %'],
  calm: ['平静', 'calm'],
  tense: ['紧张', 'tense'],
  angry: ['生气', 'angry'],
  acknowledge: ['已了解，接入客户', 'I have read it, connect'],
  acknowledge_hint: ['按回车接入', 'Press Enter to connect'],

  transcript: ['对话记录', 'Transcript'],
  caller: ['客户', 'Caller'],
  bot: ['机器人', 'Bot'],
  agent: ['坐席', 'Agent'],
  me: ['我', 'Me'],
  system: ['系统', 'System'],
  heard_part: ['只听到 {n}%', 'heard {n} %'],
  speaking: ['正在说…', 'speaking…'],
  sending: ['发送中', 'Sending'],
  not_sent: ['未送达', 'Not delivered'],
  show_earlier: ['显示更早的 {n} 条', 'Show {n} earlier lines'],
  to_newest: ['回到最新', 'To the newest'],
  broken_off: ['没有说完', 'not finished'],
  edit_again: ['改写重发', 'Edit and send again'],
  discard: ['不发了', 'Discard'],
  write: ['输入回复，Enter 发送，/ 调出常用语', 'Write a reply; Enter sends, / for canned phrases'],
  write_label: ['回复客户', 'Reply to the caller'],
  send: ['发送', 'Send'],
  phrases: ['常用语', 'Canned phrases'],
  no_phrases: ['没有匹配的常用语', 'No such phrase'],
  suggestions: ['推荐话术', 'Suggested replies'],
  hints: ['实时提醒', 'Live hints'],
  dismiss: ['知道了', 'Dismiss'],
  on_call: ['通话中，语音会自动转写在上方', 'On the call; speech is written above'],
  call_controls: ['通话控制', 'Call controls'],

  beside: ['内部沟通', 'Between colleagues'],
  beside_hint: ['客户看不到', 'The caller cannot see this'],
  beside_none: ['在这里和同事商量，客户看不到。', 'Talk it over here; the caller cannot see it.'],
  beside_write: ['和同事说，客户看不到', 'To colleagues; the caller cannot see it'],
  beside_send: ['发给同事', 'Send to colleagues'],

  hold: ['保持', 'Hold'],
  unhold: ['取消保持', 'Resume'],
  mute: ['静音', 'Mute'],
  unmute: ['取消静音', 'Unmute'],
  muted: ['麦克风已静音', 'Microphone muted'],
  sound_lost: ['声音中断，正在重连…', 'Sound lost, reconnecting…'],
  hearing: ['正在收听通话', 'You hear the call'],
  still_on_call: ['通话中，对方听得到您', 'On the call: they hear you'],
  back_to_call: ['回到通话', 'Back to the call'],
  sound_off: ['浏览器没有放出声音，对方也听不到您：按任意键或点一下页面', 'The browser keeps sound off, both ways: press any key or click anywhere'],
  sound_on: ['打开声音', 'Turn sound on'],
  sound_denied: ['无法使用麦克风，请在浏览器中允许', 'No microphone: allow it in the browser'],
  mic: ['麦克风音量', 'Microphone level'],
  transfer: ['转接', 'Transfer'],
  to_bot: ['交回机器人', 'Back to bot'],
  finish: ['结束', 'Finish'],
  write_up: ['填写小结', 'Give the disposition'],
  to_finish: ['待小结', 'To finish'],
  over: ['会话已结束，请填写小结', 'It is over: say how it went'],
  listen_first: ['监听后可看到对话', 'Listen in to see what is said'],
  more: ['资料', 'Details'],
  list: ['列表', 'List'],
  talk: ['对话', 'Talk'],
  back: ['返回', 'Back'],

  slots: ['已收集信息', 'What is known'],
  no_slots: ['机器人还没有收集到信息', 'The bot knows nothing yet'],
  show: ['显示', 'Show'],
  hide: ['隐藏', 'Hide'],
  show_slot: ['显示{name}（会被记录）', 'Show {name} (this is recorded)'],
  source_said: ['客户说', 'said'],
  source_keyed: ['按键', 'keyed'],
  source_given: ['名单', 'given'],
  source_action: ['系统', 'system'],
  source_agent: ['坐席', 'agent'],
  source_script: ['流程', 'script'],
  unsure: ['待确认 {n}%', 'unsure, {n} %'],
  form: ['登记表', 'Form'],
  required: ['必填', 'required'],
  choose: ['请选择', 'Choose'],
  note: ['备注', 'Note'],
  note_hint: ['写给同事，回车添加', 'For colleagues; Enter adds'],
  add: ['添加', 'Add'],
  knowledge: ['知识库', 'Knowledge'],
  search: ['搜索', 'Search'],
  search_hint: ['输入要找的内容', 'What to look for'],
  nothing_found: ['没有找到', 'Nothing found'],
  cases: ['历史案例', 'Earlier cases'],
  history: ['历史记录', 'History'],

  transfer_to: ['转给', 'Transfer to'],
  a_queue: ['队列', 'A queue'],
  an_agent: ['坐席', 'An agent'],
  kind: ['方式', 'How'],
  cold: ['直接转接', 'At once'],
  cold_hint: ['客户到对方队列等待，您即空闲', 'The caller waits there and you are free'],
  warm: ['先咨询再转', 'Ask first'],
  warm_hint: ['先和同事说明，客户保持等待', 'Talk to the colleague first; the caller is on hold'],
  note_for: ['给对方的说明', 'Word for the colleague'],
  consulting: ['正在咨询：{who}', 'Consulting {who}'],
  calling: ['正在呼叫同事 {who}…', 'Calling a colleague {who}…'],
  listens: ['{who} 正在旁听', '{who} is listening'],
  listens_again: ['已恢复旁听', 'Listening again'],
  listening_ended: ['旁听已结束', 'Listening has ended'],
  with_you: ['{who} 也在线', '{who} is on the line too'],
  asked_text: ['同事在征求您的意见，请在“内部沟通”里回复，客户还看不到您', 'A colleague asks your advice: answer between colleagues; the caller does not see you yet'],
  hand_over: ['转给对方', 'Hand over'],
  join: ['三方通话', 'Conference'],
  take_back: ['取消咨询', 'Take back'],
  return_at: ['从哪一步继续', 'Go on at'],
  where_it_was: ['机器人停下的地方', 'Where the bot stopped'],
  put_right: ['更正信息（不改的留空）', 'Put right (leave the rest empty)'],
  disposition: ['小结', 'Disposition'],
  not_sent_yet: ['有一句话还没发给客户', 'Words not sent to the caller yet'],
  send_first: ['先发出去', 'Send them first'],
  discard_it: ['不发了', 'Drop them'],
  too_late: ['客户已离开，这句话没有发出：', 'The caller has left; this was not sent:'],
  finish_title: ['结束会话', 'Finish the conversation'],
  please_fill: ['请填写：{name}', 'Fill in: {name}'],
  still_missing: ['还没填的必填项', 'Still to be filled in'],
  file_ticket: ['建工单', 'New ticket'],
  ticket_title: ['工单标题', 'Title'],
  ticket_filed: ['工单已建立', 'The ticket is filed'],
  refused: ['没有成功', 'That did not work'],

  no_tickets: ['没有待处理的工单', 'No tickets to work on'],
  take_first: ['领取后可以填写', 'Take it to fill it in'],
  note_with: ['处理备注（随操作一起保存）', 'Note (kept with what you do)'],
  close_sure: ['关闭后不能再打开：{title}', 'It cannot be opened again: {title}'],
  level_1: ['一线', 'first line'],
  level_2: ['二线', 'second line'],
  level_3: ['专家', 'expert'],
  did_take: ['已领取', 'Taken'],
  did_release: ['已退回', 'Released'],
  did_pend: ['已挂起', 'Set aside'],
  did_escalate: ['已升级', 'Escalated'],
  did_solve: ['已解决', 'Solved'],
  did_close: ['已关闭', 'Closed'],
  due: ['截止', 'Due'],
  overdue: ['已超时', 'Overdue'],
  ticket_open: ['待领取', 'Open'],
  ticket_assigned: ['处理中', 'Assigned'],
  ticket_pending: ['挂起', 'Pending'],
  ticket_solved: ['已解决', 'Solved'],
  ticket_closed: ['已关闭', 'Closed'],
  do_take: ['领取', 'Take'],
  do_release: ['退回', 'Release'],
  do_pend: ['挂起', 'Set aside'],
  do_escalate: ['升级', 'Escalate'],
  do_solve: ['解决', 'Solve'],
  do_close: ['关闭', 'Close'],

  agents: ['坐席', 'Agents'],
  live: ['实时会话', 'Live conversations'],
  with_bot: ['机器人接待', 'With the bot'],
  with_agents: ['人工服务', 'With agents'],
  in_queue: ['排队中', 'Waiting'],
  export: ['导出', 'Export'],
  export_title: ['导出全部工单', 'Export all tickets'],
  export_form: ['格式', 'Format'],
  export_csv: ['CSV（可用 Excel 打开）', 'CSV (for spreadsheets)'],
  export_private: ['包含完整的客户隐私信息（会记入审计）', 'With callers’ private values in full (goes on record)'],
  exported: ['已导出', 'Exported'],
  find: ['筛选', 'Filter'],
  none_live: ['当前没有会话', 'No conversations now'],
  supervise: ['督导', 'Supervise'],
  listen: ['监听', 'Listen in'],
  whisper: ['密语', 'Whisper'],
  barge: ['强插', 'Barge in'],
  takeover: ['接管', 'Take over'],
  leave: ['退出', 'Leave'],
  mode_listen: ['正在监听，双方听不到您', 'Listening: nobody hears you'],
  mode_whisper: ['密语中，只有坐席听得到您', 'Whispering: only the agent hears you'],
  mode_whisper_text: ['密语中，请写在“内部沟通”里，客户看不到', 'Whispering: write between colleagues, the caller cannot see it'],
  mode_barge: ['已强插，双方都听得到您', 'You are in: everybody hears you'],
  mode_takeover: ['已接管', 'You have taken over'],
  takeover_sure: ['接管后，{who} 会退出这个会话，由您直接服务客户。', '{who} leaves the conversation, and you speak to the caller.'],
  pull: ['调度', 'Assign'],
  pull_title: ['把会话交给', 'Assign the conversation to'],
  for_me: ['我自己', 'Myself'],
  duration: ['时长', 'Time'],
  load: ['负荷', 'Load'],
  skills: ['技能', 'Skills'],
  busy: ['忙碌', 'Busy'],
  who: ['谁', 'Who'],
  when: ['时间', 'When'],
  what: ['做了什么', 'What'],
  about: ['对象', 'About'],
  detail: ['内容', 'Detail'],
  outcome: ['结果', 'Outcome'],
  address: ['来源地址', 'From'],
  find_who: ['按用户名筛选', 'Filter by user name'],
  find_about: ['按会话或工单编号筛选', 'Filter by conversation or ticket'],
  detail_password: ['密码', 'password'],
  'detail_csv private': ['CSV，含完整隐私信息', 'CSV, with private values'],
  'detail_json private': ['JSON，含完整隐私信息', 'JSON, with private values'],
  detail_oidc: ['单点登录', 'single sign-on'],
  outcome_ok: ['成功', 'ok'],
  outcome_refused: ['被拒', 'refused'],
  outcome_too_many: ['次数过多', 'too many tries'],
  outcome_forbidden: ['无权限', 'forbidden'],
  outcome_locked: ['已锁定', 'locked'],
  outcome_unrecorded: ['审计记录写入失败，没有导出', 'the audit could not be written: nothing was exported'],
  outcome_taken: ['已被接走', 'taken'],
  outcome_unknown: ['找不到', 'not found'],
  outcome_state: ['状态不符', 'not possible'],
  outcome_invalid: ['填写有误', 'invalid'],
  outcome_missing: ['缺必填项', 'incomplete'],
  'act_sign-in': ['登录', 'Signed in'],
  'act_sign-out': ['退出登录', 'Signed out'],
  act_saw: ['看到', 'Saw'],
  act_lock: ['页面锁定', 'Locked'],
  act_unlock: ['解锁', 'Unlocked'],
  act_export: ['导出工单', 'Exported tickets'],
  act_audit: ['查看审计', 'Read the audit'],
  act_password: ['修改密码', 'Changed the password'],
  act_SetPresence: ['切换状态', 'Set the status'],
  act_Accept: ['接听', 'Accepted'],
  act_Decline: ['拒绝', 'Declined'],
  act_Acknowledge: ['接入客户', 'Connected'],
  act_Say: ['回复客户', 'Spoke'],
  act_SayAside: ['内部沟通', 'Wrote to colleagues'],
  act_Note: ['写备注', 'Noted'],
  act_Fill: ['填登记表', 'Filled in'],
  act_Hold: ['保持', 'Hold'],
  act_Transfer: ['转接', 'Transferred'],
  act_Complete: ['完成转接', 'Completed a transfer'],
  act_GiveBack: ['交回机器人', 'Gave back to the bot'],
  act_Close: ['结束会话', 'Finished'],
  act_WrapUpDone: ['处理完成', 'Wrap-up done'],
  act_Unmask: ['查看隐私信息', 'Unmasked'],
  act_Find: ['搜索', 'Searched'],
  act_Supervise: ['督导', 'Supervised'],
  act_Pull: ['调度', 'Assigned'],
  act_FileTicket: ['建工单', 'Filed a ticket'],
  act_WorkTicket: ['处理工单', 'Worked on a ticket'],
  no_desk: ['您的角色（设计）不接待客户，没有可看的会话。', 'Designers have no callers: there is nothing to see here.'],

  k_help: ['快捷键一览', 'List of shortcuts'],
  k_accept: ['接听 / 接入客户', 'Accept / connect'],
  k_decline: ['拒绝', 'Decline'],
  k_next: ['下一个 / 上一个会话', 'Next / previous conversation'],
  k_write: ['写回复', 'Write a reply'],
  k_beside: ['内部沟通（客户看不到）', 'Write to colleagues beside the conversation'],
  k_suggest: ['填入第 1-3 条推荐话术', 'Insert suggestion 1-3'],
  k_hold: ['保持 / 取消保持', 'Hold / resume'],
  k_mute: ['静音 / 取消静音', 'Mute / unmute'],
  k_transfer: ['转接', 'Transfer'],
  k_bot: ['交回机器人', 'Back to the bot'],
  k_finish: ['结束会话', 'Finish'],
  k_note: ['写备注', 'Write a note'],
  k_form: ['填登记表', 'Fill the form'],
  k_knowledge: ['搜索知识库', 'Search the knowledge'],
  k_presence: ['空闲 / 小休', 'Available / break'],
  k_place: ['坐席台、监控墙、工单之间切换', 'Desk, wall, tickets in turn'],
  k_phrase: ['在回复框开头：常用语', 'At the beginning of a reply: canned phrases'],
  k_send: ['发送，Shift+Enter 换行', 'Send; Shift+Enter for a new line'],
  k_escape: ['关闭窗口、取消', 'Close, cancel'],
  k_letters: ['单键快捷键（? 和 /）', 'Single-key shortcuts (? and /)'],
} as const satisfies Record<string, readonly [string, string]>

export type Word = keyof typeof words
export type Language = 'zh-CN' | 'en'

let language: Language = load()
const listeners = new Set<() => void>()

function load(): Language {
  const kept = localStorage.getItem('desk.language')
  if (kept === 'zh-CN' || kept === 'en') return kept
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
}

export function speak(next: Language, keep = true): void {
  language = next
  if (keep) localStorage.setItem('desk.language', next)
  document.documentElement.lang = next
  document.title = t('title')
  for (const listener of listeners) listener()
}

/** The language chosen on this machine, else that of the account. */
export function speakAs(theirs: string): void {
  if (!localStorage.getItem('desk.language')) speak(theirs.startsWith('zh') ? 'zh-CN' : 'en', false)
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => language,
  )
}

export function t(word: Word, values: Record<string, string | number> = {}): string {
  let text: string = words[word][language === 'en' ? 1 : 0]
  for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, String(value))
  return text
}

/** A word whose name is put together of what the server says; the bare value where there is none. */
export function named(prefix: string, value: string): string {
  const word = `${prefix}_${value}`
  return word in words ? t(word as Word) : value
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const tail = `${String(m).padStart(h ? 2 : 1, '0')}:${String(s).padStart(2, '0')}`
  return h ? `${h}:${tail}` : tail
}

const CLOCKS = {
  short: { hour: '2-digit', minute: '2-digit' },
  day: { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  full: { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>
const formats = new Map<string, Intl.DateTimeFormat>()
let zone: string | undefined
/** The centre's IANA zone: what the server writes (a case's history) and what the page shows are of one clock. */
export function zoned(name: string): void {
  try {
    zone = name ? new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone : undefined
  } catch {
    zone = undefined // a browser that does not know it shows the machine's
  }
  formats.clear()
}
/** A moment in the centre's zone: its hour, its day and hour, or all of it. */
export function clock(unix: number, form: keyof typeof CLOCKS = 'day'): string {
  const name = `${language} ${form}`
  const format = formats.get(name) ?? new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { ...CLOCKS[form], hourCycle: 'h23', timeZone: zone })
  formats.set(name, format) // making one takes a hundred times as long as using it
  return format.format(unix * 1000)
}
speak(language, false)
