package tables

import "fmt"

// Code is what is wrong with a file or a row, for machines.
type Code string

const (
	Empty          Code = "empty"
	TooLarge       Code = "too_large"
	TooManyRows    Code = "too_many_rows"
	TooManyColumns Code = "too_many_columns"
	OldWorkbook    Code = "old_workbook"
	Broken         Code = "broken_workbook"
	Bomb           Code = "unpacks_too_large"
	Epoch1904      Code = "epoch_1904"
	NoSheet        Code = "no_sheet"
	NotText        Code = "not_text"
	OpenQuote      Code = "open_quote"
	NoHeader       Code = "no_header"
	TooMarked      Code = "too_many_formulas"

	BareQuote   Code = "bare_quote"
	BadEncoding Code = "bad_encoding"
	Formula     Code = "formula"
	Merged      Code = "merged_cell"
	LongCell    Code = "cell_too_long"
	ExtraCell   Code = "beyond_header"
)

// reasons are what people read: what is wrong and what to do.
var reasons = map[Code]string{
	Empty:          "文件是空的，请确认导出成功后重新选择。",
	TooLarge:       "文件超过 %d MB，请按乡镇或月份拆成几个文件。",
	TooManyRows:    "超过 %d 行，请拆成几个文件。",
	TooManyColumns: "超过 %d 列，请只保留需要的列。",
	OldWorkbook:    "这是旧版 xls 或加了密码的工作簿，请用表格软件打开，取消密码并另存为 xlsx。",
	Broken:         "工作簿已损坏或不完整(%s)，请重新导出。",
	Bomb:           "工作簿解压后过大，不像是名单，已拒绝读取；请只保留名单所在的工作表另存。",
	Epoch1904:      "工作簿使用 1904 日期系统，日期会差四年，请在选项中取消后另存。",
	NoSheet:        "工作簿里没有可见的工作表。",
	NotText:        "不是表格文件(CSV 或 xlsx)，请检查是否选错了文件。",
	OpenQuote:      "第 %d 行的引号没有成对，后面的行无法分清，整个文件未导入；请改好引号。",
	NoHeader:       "前 %d 行里没有找到表头，请确认列名与模板一致，或先设定列对应关系；也可能是文字编码不对。",
	TooMarked:      "公式或合并单元格太多(超过 %d 行)，请全选复制后“选择性粘贴—数值”，并取消合并。",
	BareQuote:      "这一行的引号用法不对，请删去多余的引号。",
	BadEncoding:    "有乱码，请用 UTF-8 或 GB18030(GBK) 重新导出。",
	Formula:        "单元格是公式，请复制后“选择性粘贴—数值”。",
	Merged:         "单元格是合并的，请取消合并并逐行填写。",
	LongCell:       "内容超过 %d 字节，请缩短。",
	ExtraCell:      "表头以外还有内容，可能是多了一个逗号，请检查这一行。",
}

// Fault is what is wrong with one row.
type Fault struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
	at     int
}

func (r *Reader) fault(line, column int, code Code, args ...any) Fault {
	return Fault{Line: line, Code: string(code), Reason: fmt.Sprintf(reasons[code], args...), at: column}
}

// Error refuses a file as a whole.
type Error struct {
	Code Code
	Line int
	Text string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Text }

func refuse(code Code, line int, args ...any) *Error {
	return &Error{code, line, fmt.Sprintf(reasons[code], args...)}
}
