// Starting, joining, the PIN, and what every screen shares.
export const common = {
  app: ["联防", "Lianfang"],
  back: ["返回", "Back"],
  cancel: ["取消", "Cancel"],
  close: ["关闭", "Close"],
  next: ["下一步", "Next"],
  done: ["好", "Done"],
  yes: ["是", "Yes"],
  no: ["否", "No"],
  save: ["保存", "Save"],
  loading: ["正在打开……", "Opening …"],
  failed: ["没有做成：{why}", "That did not work: {why}"],
  no_network: ["没有网络，连不上服务器。请到有网的地方再试。", "No network: the server cannot be reached. Try again where there is network."],
  ask_secretary: ["请找社区书记。", "Ask the secretary of your community."],

  welcome_title: ["先选好怎么看", "First, choose how it looks"],
  welcome_language: ["语言", "Language"],
  welcome_size: ["字的大小", "Size of type"],
  size_normal: ["标准", "Standard"],
  size_large: ["大字", "Large"],
  size_sample: ["3栋2单元1801 登记3人", "Building 3, unit 2, 1801: 3 listed"],

  join_title: ["加入", "Join"],
  join_how: [
    "请打开社区书记发给您的加入链接，或扫描二维码。链接只能用一次，30分钟内有效。",
    "Open the joining link that the secretary of your community sent you, or scan its code. It works once, within 30 minutes.",
  ],
  join_have_code: ["我有6位短码", "I have a six-digit code"],
  join_code: ["6位短码", "Six-digit code"],
  join_digits: ["您手机号的最后4位", "Last four digits of your phone number"],
  join_digits_why: ["用来确认是您本人。", "To make sure that it is you."],
  join_button: ["加入", "Join"],
  join_working: ["正在加入……", "Joining …"],
  join_installed: ["这部手机", "This phone"],

  wechat_title: ["微信里不能离线使用", "WeChat cannot work offline"],
  wechat_how: [
    "点右上角“···”，选“在浏览器打开”。没有这一项时，先在这里加入，再用短码转到浏览器。",
    "Tap “···” at the top right and choose “open in browser”. If there is no such entry, join here and carry over with a code.",
  ],
  wechat_here: ["先在微信里加入", "Join inside WeChat first"],
  carry_title: ["转到浏览器", "Carry over to the browser"],
  carry_how: ["在手机浏览器里打开下面的地址，输入短码和手机号后4位。", "Open this address in the phone's browser; type the code and the last four digits."],
  carry_until: ["{until}前有效，只能用一次。", "Valid until {until}, once."],
  carry_stay: ["仍在这里使用", "Stay here all the same"],

  pin_title: ["设一个PIN码", "Choose a PIN"],
  pin_why: [
    "打开应用时要输入，至少6位数字。名单只在这部手机里加密保存，没有PIN码打不开。",
    "You type it to open the app: six digits or more. The lists lie encrypted on this phone and cannot be opened without it.",
  ],
  pin_new: ["PIN码（6位以上数字）", "PIN (six digits or more)"],
  pin_again: ["再输一次", "Once more"],
  pin_weak: ["太容易猜到。不要全部相同，也不要连号。", "Too easy to guess: not all the same, and no sequence."],
  pin_short: ["还差{count}位。", "{count} more digits."],
  pin_differs: ["两次输入的不一样。", "The two are not the same."],
  pin_set: ["设好，打开我的门", "Set it and open my doors"],

  unlock_title: ["输入PIN码", "Type your PIN"],
  unlock_pin: ["PIN码", "PIN"],
  unlock_button: ["打开", "Open"],
  unlock_wrong: ["不对。还可以试{left}次；试完后，这部手机里能看的内容会清除。", "Wrong. {left} tries left; after that everything readable on this phone is wiped."],
  unlock_working: ["正在核对……", "Checking …"],
  unlock_unsent: ["还有{count}条未发，锁着也会发。", "{count} not sent yet; they are sent even while locked."],

  wiped_title: ["手机里的名单已清除", "The lists on this phone are wiped"],
  wiped_tries: ["PIN码连续输错10次，能看的内容已清除。", "The PIN was wrong ten times: everything readable is wiped."],
  wiped_cut: ["这部手机的使用已被停止，能看的内容已清除。", "This phone was cut off: everything readable is wiped."],
  wiped_unsent: ["还有{count}条已封存的记录，有网就发，一条不会丢。", "{count} sealed records remain; they are sent when there is network. None is lost."],
  wiped_all_sent: ["所有记录都已送到。", "All records have been delivered."],
  wiped_again: ["请社区书记再发一个加入链接。", "Ask the secretary for a new joining link."],

  alone_title: ["需要联网一次", "Network is needed once"],
  alone_why: [
    "已经超过{days}天没有连上服务器，名单先锁住。连上网就会打开；已存的记录都在。",
    "The server has not been heard of for more than {days} days, so the lists are locked. They open once there is network; what is saved is still there.",
  ],
  alone_try: ["现在连接", "Connect now"],

  too_many_title: ["门太多，装不下", "Too many doors"],
  too_many: [
    "您负责的范围有{count}户，手机最多装{cap}户。请社区书记把范围分小；一户都不会悄悄少给。",
    "Your places have {count} doors; a phone holds {cap} at most. Ask the secretary to divide them. Nothing is left out in silence.",
  ],
  first_sync: ["正在取您的门……", "Fetching your doors …"],

  keep_title: ["请让浏览器保留数据", "Let the browser keep the data"],
  keep_ios: [
    "iPhone：在Safari里点“分享”，选“添加到主屏幕”，以后从主屏幕打开。否则7天不用，系统会清掉手机里的名单和未发的记录。",
    "iPhone: in Safari tap “Share”, “Add to Home Screen”, and open it from there. Otherwise the system clears lists and unsent records after 7 days without use.",
  ],
  keep_other: [
    "浏览器没有答应长期保留数据。手机空间不足时，它可能清掉未发的记录。请把应用添加到主屏幕，并每天联网发送。",
    "The browser has not promised to keep the data. Short of space, it may clear unsent records. Add the app to the home screen and send daily.",
  ],

  tab_doors: ["我的门", "My doors"],
  tab_matters: ["事项", "Matters"],
  tab_duty: ["值班", "Duty"],
  tab_messages: ["消息", "Messages"],
  tab_more: ["更多", "More"],
} as const;
