package wire

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-playground/validator/v10"
)

var validate = validator.New(validator.WithRequiredStructEnabled())

// Decode reads one strict JSON value of at most MaxBody bytes: no unknown
// members, no duplicate names, valid UTF-8, nothing behind it. Its error is
// always an *Error. Only in a Push the text may be broken: there DecodeOp judges
// each op by itself.
func Decode(r io.Reader, into any) error {
	body, err := io.ReadAll(io.LimitReader(r, MaxBody+1))
	if err != nil {
		var coded *Error
		if errors.As(err, &coded) {
			return coded
		}
		return Malformed("", "请求内容读取失败，请重新发送。")
	}
	if len(body) > MaxBody {
		return Err(TooLarge, "")
	}
	_, isPush := into.(*Push)
	if err := json.Unmarshal(body, into, json.RejectUnknownMembers(true), jsontext.AllowInvalidUTF8(isPush)); err != nil {
		return decodeError(err)
	}
	return Check(into)
}

// Check validates a decoded command by its tags.
func Check(v any) error {
	err := validate.Struct(v)
	if err == nil {
		return nil
	}
	var fields validator.ValidationErrors
	if errors.As(err, &fields) && len(fields) > 0 {
		f := fields[0]
		if f.StructField() == "Ops" && f.Tag() == "max" {
			return Err(TooLarge, "ops")
		}
		name := snake(f.Field())
		return InvalidField(name, fmt.Sprintf("%s 不符合要求(%s)，请检查后重新发送。", name, f.Tag()))
	}
	return Malformed("", "请求内容不符合要求，请检查后重新发送。")
}

func decodeError(err error) *Error {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return Malformed(pointer(string(semantic.JSONPointer)), "字段的类型或名称不对，请按协议检查。")
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return Malformed(pointer(string(syntax.JSONPointer)), "不是合法的 JSON，请检查后重新发送。")
	}
	return Malformed("", "不是合法的 JSON，请检查后重新发送。")
}

func pointer(p string) string {
	return strings.ReplaceAll(strings.TrimPrefix(p, "/"), "/", ".")
}

// snake turns a Go field name into its name on the wire (NextN → next_n).
func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r >= 'A' && r <= 'Z' {
			if i > 0 && s[i-1] >= 'a' && s[i-1] <= 'z' {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
