package wire

import "github.com/go-json-experiment/json/jsontext"

// Kinds of a change in the feed.
const (
	ChangePut       = "put"
	ChangeLeave     = "leave"
	ChangeTombstone = "tombstone"
)

// Change is one line of the feed.
type Change struct {
	Seq    int64          `json:"seq"`
	Type   string         `json:"type"`
	ID     string         `json:"id"`
	Kind   string         `json:"kind"`
	Rev    int64          `json:"rev,omitzero"`
	Record jsontext.Value `json:"record,omitzero"`
}

// PullAnswer is the answer of GET /pull.
type PullAnswer struct {
	Epoch      string   `json:"epoch"`
	Cursor     string   `json:"cursor"`
	More       bool     `json:"more"`
	Changes    []Change `json:"changes"`
	Results    []Result `json:"results"`
	DurableSeq int64    `json:"durable_seq"`
	ServerTime string   `json:"server_time"`
	Total      int64    `json:"total,omitzero"` // on a first page: about how many records will come
}

// Register is the body of POST /devices.
type Register struct {
	Name     string `json:"name" validate:"max=80"`
	Platform string `json:"platform" validate:"max=160"`
	App      string `json:"app" validate:"max=40"`
}

// Registered is its answer.
type Registered struct {
	Device     string `json:"device"`
	Epoch      string `json:"epoch"`
	NextN      int64  `json:"next_n"`
	ServerTime string `json:"server_time"`
}

// EpochAnswer is an epoch_changed error with what the client needs to go on.
type EpochAnswer struct {
	Error *Error `json:"error"`
	Epoch string `json:"epoch"`
	NextN int64  `json:"next_n"`
}

// Lost is the body of POST /lost.
type Lost struct {
	Device string `json:"device" validate:"required,uuid"`
	Epoch  string `json:"epoch" validate:"required,uuid"`
	From   int64  `json:"from" validate:"min=1"`
	To     int64  `json:"to" validate:"min=1,gtefield=From"`
}

// Resolve is the body of POST /cases/{case}/resolve.
type Resolve struct {
	Choice        string `json:"choice" validate:"required,oneof=server device value"`
	Op            string `json:"op,omitempty" validate:"omitempty,uuid"`
	Value         any    `json:"value"`
	Reason        string `json:"reason" validate:"max=500"`
	ExpectRev     int64  `json:"expect_rev"`
	ExpectVersion *int64 `json:"expect_version"`
}

// Return is the body of POST /reviews/{op}/return and of rejecting a held op.
type Return struct {
	Reason string `json:"reason" validate:"required,max=500"`
}

// AcceptMany is the body of POST /reviews/accept.
type AcceptMany struct {
	Ops []string `json:"ops" validate:"required,min=1,max=500,dive,uuid"`
}
