package casefile

import (
	"slices"
	"time"
)

// Lead is a word from outside about somebody who may be in need (线索): 及时、主动发现需要
// 救助的困难群众 (三(三)), 畅通各级社会救助服务热线 (五(三)).
const Lead Kind = "lead"

var leadStages = []Stage{
	{Lead, "received", "已登记", true},
	{Lead, "dispatched", "村里核实中", true},
	{Lead, "verified", "已核实待答复", true},
	{Lead, "answered", "已答复", false},
	{Lead, "dismissed", "不予受理", false},
	{Lead, Forgotten, "不属实，已清除个人信息", false},
}

// Forgotten is what is kept of a word that proved unfounded when its time is over: that
// there was one, when and by which way; of nobody who it was about or from (个人信息保护法 第四十七条).
const Forgotten State = "forgotten"

// KeptUntil is the last day until which an unfounded lead that was closed on a day keeps
// whom it names.
func (p Params) KeptUntil(closedOn string) (string, error) {
	day, err := time.Parse(time.DateOnly, closedOn)
	if err != nil {
		return "", err
	}
	return day.AddDate(0, int(p.Number("lead_keep_months", closedOn)), 0).Format(time.DateOnly), nil
}

// leadSteps: nobody is answered while somebody is still on the way to look.
var leadSteps = []Step{
	{Kind: Lead, Act: "receive", Label: "登记线索", Clause: "五(三)", From: []State{None}, To: "received", Kin: true},
	{Kind: Lead, Act: "dispatch", Label: "派村(社区)核实", Clause: "三(三)", From: []State{"received", "verified"}, To: "dispatched"},
	{Kind: Lead, Act: "recall", Label: "撤回核实", Clause: "三(三)", From: []State{"dispatched"}, To: "received", Reason: true},
	{Kind: Lead, Act: "find", Label: "核实回复", Clause: "三(三)", From: []State{"dispatched"}, To: "verified", System: true},
	{Kind: Lead, Act: "answer", Label: "答复", Clause: "五(三)", From: []State{"received", "verified"}, To: "answered"},
	{Kind: Lead, Act: "dismiss", Label: "不予受理", Clause: "五(三)", From: []State{"received"}, To: "dismissed", Reason: true},
	{Kind: Lead, Act: "reopen", Label: "更正，重新办理", Clause: "五(三)", From: []State{"answered", "dismissed"}, To: "received", Reason: true},
	{Kind: Lead, Act: "forget", Label: "保存期满，清除个人信息", Clause: "个人信息保护法第四十七条", From: []State{"answered"}, To: Forgotten, System: true},
}

// Choice is one value of a list that a form offers, with the official word.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// labelOf is a value's word; ok is false where the list has none.
func labelOf(list []Choice, value string) (string, bool) {
	i := slices.IndexFunc(list, func(c Choice) bool { return c.Value == value })
	if i < 0 {
		return "", false
	}
	return list[i].Label, true
}

// channels are the ways by which a lead comes in (五(三) 服务热线, 三(三) 基层力量).
var channels = []Choice{
	{"hotline_12345", "12345热线"}, {"hotline_aid", "社会救助服务热线"}, {"grid", "网格员"}, {"village", "村(社区)干部"},
	{"neighbour", "群众反映"}, {"self", "本人求助"}, {"visit", "来访"}, {"letter", "来信"}, {"media", "媒体、网络"}, {"department", "部门转来"},
}

// urgencies say how soon somebody must look; the first is 急难 (四(三) 及时给予急难社会救助).
var urgencies = []Choice{{"urgent", "急难"}, {"ordinary", "一般"}}

// conclusions are what an answer may come to.
var conclusions = []Choice{
	{"started", "已启动救助程序"}, {"already", "已在享受救助"}, {"referred", "已转有关部门"}, {"explained", "已解释政策"},
	{"not_eligible", "不符合救助条件"}, {"unfounded", "情况不属实"},
}

// replies are the ways by which whoever reported is told.
var replies = []Choice{{"phone", "电话"}, {"platform", "热线平台"}, {"in_person", "当面"}, {"letter", "书面"}, {"none", "无法联系"}}

// What an answer's conclusion means for the register.
const (
	Started   = "started"   // 发现符合救助条件的，按规定及时启动救助程序 (三(三)): there is an application, or help
	Unfounded = "unfounded" // a household opened for the lead alone is closed again
	NoReply   = "none"
)

// Channels lists the ways a lead comes in by; the others likewise.
func Channels() []Choice    { return slices.Clone(channels) }
func Urgencies() []Choice   { return slices.Clone(urgencies) }
func Conclusions() []Choice { return slices.Clone(conclusions) }
func Replies() []Choice     { return slices.Clone(replies) }

// ChannelLabel is a channel's word; ok is false where there is none. The others likewise.
func ChannelLabel(value string) (string, bool)    { return labelOf(channels, value) }
func UrgencyLabel(value string) (string, bool)    { return labelOf(urgencies, value) }
func ConclusionLabel(value string) (string, bool) { return labelOf(conclusions, value) }
func ReplyLabel(value string) (string, bool)      { return labelOf(replies, value) }
