package dci

// What whoever writes the senders' file is told.
const (
	textUnknownKey       = "有不认识的项目，请删除或改正：\n%s"
	textNoTOML           = "不是有效的 TOML：%w"
	textDeskID           = "缺少 id：请填写本登记系统的标识(对方在 receiver_id 中填写的名称)，不能含 | 和引号"
	textSenders          = "至少要有一个 [[sender]](允许查询的单位)，最多 %d 个；不需要开放时请不要设置 interop"
	textTwice            = "查询单位 %q 出现了两次，请合并"
	textOfSender         = "查询单位 %q：%w"
	textSenderID         = "缺少 id：请填写对方在 sender_id 中填写的名称，不能含 | 和引号，最长 99 字"
	textSenderName       = "缺少 name：请填写对方单位的中文名称，审计日志中使用"
	textNoKey            = "缺少 [[sender.key]]：请填写对方的公钥"
	textNoPurpose        = "缺少 purposes：请列出允许的查询用途代码，每次查询必须写明其中一个"
	textNoArea           = "areas 有误：请列出允许查询的行政区划代码(2 至 12 位数字)，例如 [\"370281\"]"
	textNoAttribute      = "缺少 attributes：请列出允许查询和返回的信息项"
	textUnknownAttribute = "信息项 %q 不存在，可选：%s"
	textBounds           = "上限有误：page 不超过 %d，found 不超过 %d，per_day 不超过 %d，均须为正数"
	textAlgorithm        = "公钥 %q：须有 id，algorithm 须为 ed25519 或 sm2"
	textBadKey           = "公钥 %q 不正确(public 应为 base64 的公钥)：%w"
)
