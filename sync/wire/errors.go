// Package wire is the language of the sync protocol (docs/protocol.md §3): the
// shapes of requests and answers, their limits, and one catalogue of coded errors.
//
// It decodes and checks envelopes. It knows no record types (sync/policy), no
// merging (sync/merge) and no storage.
package wire

import "net/http"

// Code is a machine-readable error code; the catalogue below is all there are.
type Code string

const (
	Unauthenticated  Code = "unauthenticated"
	DeviceRevoked    Code = "device_revoked"
	Forbidden        Code = "forbidden"
	NotFound         Code = "not_found"
	MethodNotAllowed Code = "method_not_allowed"
	EpochChanged     Code = "epoch_changed"
	CaseMoved        Code = "case_moved"
	Decided          Code = "decided"
	CursorExpired    Code = "cursor_expired"
	TooLarge         Code = "too_large"
	Invalid          Code = "invalid"
	UpgradeRequired  Code = "upgrade_required"
	Busy             Code = "busy"
	StorageFull      Code = "storage_full"
	ReadOnly         Code = "read_only"

	// Codes of the sign-in (appendix C).
	SecondFactor Code = "second_factor_required"
	Unfinished   Code = "account_unfinished"

	// Codes of an upload (§3.5).
	ChecksumMismatch Code = "checksum_mismatch"
	OffsetMismatch   Code = "offset_mismatch"

	// Codes of a single op's refusal; they never stand for a whole request.
	OpMismatch  Code = "op_mismatch"
	IDTaken     Code = "id_taken"
	Immutable   Code = "immutable"
	HasChildren Code = "has_children"
	Closed      Code = "closed"
)

type entry struct {
	status  int
	message string
}

// catalogue gives each code its HTTP status (0: only within an op's result) and
// the sentence that says what is wrong and what to do.
var catalogue = map[Code]entry{
	Unauthenticated:  {http.StatusUnauthorized, "登录已失效，请重新登录；本机记录都还在。"},
	DeviceRevoked:    {http.StatusForbidden, "这台平板已被停用，只能交回未上传的记录，请联系镇(街道)。"},
	Forbidden:        {http.StatusForbidden, "当前账号没有这项权限，请换用有权限的账号。"},
	NotFound:         {http.StatusNotFound, "没有找到，或不在您的管辖范围内。"},
	MethodNotAllowed: {http.StatusMethodNotAllowed, "这个地址不接受此种请求，请检查请求方法。"},
	EpochChanged:     {http.StatusConflict, "服务器已从备份恢复，请按 next_n 重新交送保留的记录，再从头拉取。"},
	CaseMoved:        {http.StatusConflict, "这项冲突刚有新的变化，请重新查看后再决定。"},
	Decided:          {http.StatusConflict, "这条变更已由他人处理，请刷新查看结果。"},
	CursorExpired:    {http.StatusGone, "同步位置已过期，请从头拉取一次；未上传的记录不受影响。"},
	TooLarge:         {http.StatusRequestEntityTooLarge, "内容过大，请分成几批再交送。"},
	Invalid:          {http.StatusUnprocessableEntity, "内容不符合要求，请按提示修改。"},
	UpgradeRequired:  {http.StatusUpgradeRequired, "应用版本过旧，请升级后再拉取；仍可交送记录。"},
	Busy:             {http.StatusServiceUnavailable, "服务器正忙，请稍后自动重试。"},
	StorageFull:      {http.StatusInsufficientStorage, "服务器存储空间不足，本次未保存，请保留记录稍后再试。"},
	ReadOnly:         {http.StatusServiceUnavailable, "服务器磁盘写入出错，已停止接收，请联系系统管理员。"},
	SecondFactor:     {http.StatusUnauthorized, "请再输入动态口令(手机验证器上的 6 位数字)，或一个恢复码。"},
	Unfinished:       {http.StatusForbidden, "请先完成账号的第一步：修改初始密码，或绑定动态口令。"},
	ChecksumMismatch: {460, "收到的照片与登记的校验值不一致，请从头重新上传。"}, // tus's own status
	OffsetMismatch:   {http.StatusConflict, "照片已传到别的位置，请先查询进度，再接着上传。"},
	OpMismatch:       {0, "同一编号的记录内容不一致，平板可能被复制或回退，请重新登记设备后再交送。"},
	IDTaken:          {0, "这个编号已被使用，请重新新建。"},
	Immutable:        {0, "已提交的内容不能改写，请用补充说明更正。"},
	HasChildren:      {0, "名下还有成员或记录，不能删除。"},
	Closed:           {0, "家庭已关闭，只有镇(街道)可以重新启用。"},
}

// Error is the one error shape of the wire. Field names the place, if there is one.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
	status  int
	wait    int
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Status is the HTTP status of the error.
func (e *Error) Status() int {
	if e.status != 0 {
		return e.status
	}
	if s := catalogue[e.Code].status; s != 0 {
		return s
	}
	return http.StatusUnprocessableEntity
}

// Err makes an error of the catalogue; field may be "".
func Err(code Code, field string) *Error {
	return &Error{Code: code, Message: catalogue[code].message, Field: field}
}

// Malformed is an `invalid` for bytes that are not what they claim (status 400).
func Malformed(field, message string) *Error {
	return &Error{Code: Invalid, Message: message, Field: field, status: http.StatusBadRequest}
}

// InvalidField is an `invalid` that says in words what the field must be.
func InvalidField(field, message string) *Error {
	return &Error{Code: Invalid, Message: message, Field: field}
}

// Overloaded is `busy` for one caller's own excess (status 429).
func Overloaded() *Error {
	e := Err(Busy, "")
	e.status = http.StatusTooManyRequests
	return e
}

// Wait is `busy` for who tried too often: the sentence and Retry-After say how long.
func Wait(seconds int, message string) *Error {
	return &Error{Code: Busy, Message: message, status: http.StatusTooManyRequests, wait: seconds}
}

// Behind is `busy` to a client whose schema this server does not know yet.
func Behind() *Error {
	return &Error{Code: Busy, Message: "服务器的版本比应用旧，暂时不能接收，请等管理员升级服务器；记录都还在，会自动再试。", Field: "schema", wait: 300}
}

// RetryAfter is how many seconds to wait before the same is asked again; 0: no telling.
func (e *Error) RetryAfter() int {
	if e.wait == 0 && (e.Code == Busy || e.Code == ReadOnly) {
		return 5
	}
	return e.wait
}

// Codes lists the catalogue, for the conformance of documents and clients.
func Codes() []Code {
	out := make([]Code, 0, len(catalogue))
	for c := range catalogue {
		out = append(out, c)
	}
	return out
}
