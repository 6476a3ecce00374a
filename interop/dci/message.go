// Package dci speaks the interface by which registries of social protection ask each
// other (Digital Convergence Initiative, social registry 1.0.0): the messages, their
// signatures, the queries and what a record looks like. It is pure: no network, no
// database, no clock. What may be asked and answered stands in one table (Attributes);
// who asks is not decided here but in the senders' file (Sender).
package dci

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Version is of the messages.
const Version = "1.0.0"

// The actions of a search and of its answer.
const (
	ActionSearch   = "search"
	ActionOnSearch = "on-search"
)

// Envelope is a message as it travels. Header and message stay as they came: the
// signature is of them.
type Envelope struct {
	Signature string         `json:"signature"`
	Header    jsontext.Value `json:"header"`
	Message   jsontext.Value `json:"message"`
}

// Header is a request's.
type Header struct {
	Version    string         `json:"version"`
	MessageID  string         `json:"message_id"`
	MessageTS  string         `json:"message_ts"`
	Action     string         `json:"action"`
	SenderID   string         `json:"sender_id"`
	SenderURI  string         `json:"sender_uri"`
	ReceiverID string         `json:"receiver_id"`
	TotalCount int            `json:"total_count"`
	Encrypted  bool           `json:"is_msg_encrypted"`
	Meta       jsontext.Value `json:"meta"`
}

// Request is what is searched for, several searches in one message.
type Request struct {
	TransactionID string   `json:"transaction_id"`
	Searches      []Search `json:"search_request"`
}

// Search is one of them.
type Search struct {
	ReferenceID string   `json:"reference_id"`
	Timestamp   string   `json:"timestamp"`
	Criteria    Criteria `json:"search_criteria"`
	Locale      string   `json:"locale"`
}

// Criteria say what is looked for and why. Names of both published forms are taken:
// response_entity, and reg_record_type that it followed.
type Criteria struct {
	Version    string         `json:"version"`
	RegType    string         `json:"reg_type"`
	EventType  string         `json:"reg_event_type"`
	RecordType string         `json:"reg_record_type"`
	Entity     string         `json:"response_entity"`
	QueryType  string         `json:"query_type"`
	Query      jsontext.Value `json:"query"`
	Sort       []Sort         `json:"sort"`
	Pagination *PageRequest   `json:"pagination"`
	Consent    *Ground        `json:"consent"`
	Authorize  *Ground        `json:"authorize"`
}

// Sort is one column of an order.
type Sort struct {
	Attribute string `json:"attribute_name"`
	Order     string `json:"sort_order"`
}

// PageRequest counts pages from 1.
type PageRequest struct {
	Size   int `json:"page_size"`
	Number int `json:"page_number"`
}

// Ground is a consent or an authority: for what purpose somebody asks.
type Ground struct {
	Purpose struct {
		Text string `json:"text"`
		Code string `json:"code"`
		Ref  string `json:"ref_uri"`
	} `json:"purpose"`
}

// Purpose is why a search is made: the authority's, else the consent's.
func (c *Criteria) Purpose() string {
	for _, g := range []*Ground{c.Authorize, c.Consent} {
		if g != nil && g.Purpose.Code != "" {
			return g.Purpose.Code
		}
	}
	return ""
}

// AnswerHeader is an answer's.
type AnswerHeader struct {
	Version       string `json:"version"`
	MessageID     string `json:"message_id"`
	MessageTS     string `json:"message_ts"`
	Action        string `json:"action"`
	Status        string `json:"status"`
	Reason        Reason `json:"status_reason_code,omitempty"`
	ReasonMessage string `json:"status_reason_message,omitempty"`
	TotalCount    int    `json:"total_count"`
	Completed     int    `json:"completed_count"`
	SenderID      string `json:"sender_id"`
	ReceiverID    string `json:"receiver_id"`
	Encrypted     bool   `json:"is_msg_encrypted"`
}

// Response answers the searches of a request, in their order.
type Response struct {
	TransactionID string   `json:"transaction_id"`
	CorrelationID string   `json:"correlation_id"`
	Answers       []Answer `json:"search_response"`
}

// Answer is one search's.
type Answer struct {
	ReferenceID   string      `json:"reference_id"`
	Timestamp     string      `json:"timestamp"`
	Status        string      `json:"status"`
	Reason        Reason      `json:"status_reason_code,omitempty"`
	ReasonMessage string      `json:"status_reason_message,omitempty"`
	Data          *Data       `json:"data,omitempty"`
	Pagination    *PageAnswer `json:"pagination,omitempty"`
}

// Data are the records.
type Data struct {
	Version    string `json:"version"`
	RegType    string `json:"reg_type"`
	EventType  string `json:"reg_event_type,omitempty"`
	RecordType string `json:"reg_record_type"`
	Records    []any  `json:"reg_records"`
}

// PageAnswer says which page it is, of how many records.
type PageAnswer struct {
	Size   int `json:"page_size"`
	Number int `json:"page_number"`
	Total  int `json:"total_count"`
}

// Stamp writes a time as the messages do.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }
