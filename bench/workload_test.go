package bench

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

// op is one operation as the wire has it.
type op struct {
	N      int64          `json:"n"`
	ID     string         `json:"id"`
	At     string         `json:"at,omitempty"`
	Type   string         `json:"type"`
	Record string         `json:"record"`
	Kind   string         `json:"kind"`
	Base   int64          `json:"base"`
	Set    map[string]any `json:"set"`
	Was    map[string]any `json:"was,omitempty"`
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// idOf is an id minted at a time, as a tablet mints an op's while it is offline.
func idOf(at time.Time) string {
	id := uuid.Must(uuid.NewV7())
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	return id.String()
}

// writer numbers the ops of one device, half a minute apart.
type writer struct {
	n  int64
	at time.Time
}

func newWriter() *writer { return &writer{at: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)} }

func (w *writer) issue(kind, typ, record string, base int64, set, was map[string]any) op {
	w.n++
	w.at = w.at.Add(31_417*time.Millisecond + time.Duration(w.n*7919%5000)*time.Millisecond)
	return op{N: w.n, ID: idOf(w.at), At: w.at.Format("2006-01-02T15:04:05.000Z"), Type: typ, Record: record, Kind: kind, Base: base, Set: set, Was: was}
}

// drawer draws invented households. What people write is drawn from sentences with
// slots, so that it compresses about as prose does, not as eight repeated phrases.
type drawer struct{ *rand.Rand }

func newDrawer(seed uint64) drawer { return drawer{rand.New(rand.NewPCG(seed, 7))} }

func (d drawer) pick(from ...string) string { return from[d.IntN(len(from))] }

func (d drawer) name() string {
	given := []rune("建国秀英桂兰志强玉梅福生春花德全淑珍永刚海燕文斌晓红庆云金凤立新宝山凤霞洪涛美玲守义雪梅")
	return d.pick("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "姜", "匡", "法", "逄", "冷", "管", "矫", "宋") +
		string(given[d.IntN(len(given))]) + string(given[d.IntN(len(given))])
}

func (d drawer) kin() string {
	return d.pick("户主", "配偶", "长子", "次女", "母亲", "父亲", "孙子", "儿媳", "长女", "女婿", "胞弟")
}

func (d drawer) sentence() string {
	illness := d.pick("高血压", "糖尿病", "脑梗塞后遗症", "慢性支气管炎", "类风湿关节炎", "冠心病", "尿毒症", "精神分裂症", "腰椎间盘突出", "股骨头坏死", "乳腺癌术后", "白内障")
	hospital := d.pick("胶州市人民医院", "李哥庄中心卫生院", "青岛大学附属医院", "胶州市中医医院", "村卫生室", "青岛市中心医院")
	switch d.IntN(9) {
	case 0:
		return fmt.Sprintf("%s患%s，在%s治疗，每月药费约%d元。", d.kin(), illness, hospital, 60+10*d.IntN(190))
	case 1:
		return fmt.Sprintf("%s在%s打工，月收入%d元左右。", d.kin(), d.pick("青岛", "胶州市区", "黄岛", "本镇制帽厂", "建筑工地", "烟台", "饭店"), 1200+50*d.IntN(70))
	case 2:
		return fmt.Sprintf("%d年%d月房屋%s，%s。", 2019+d.IntN(8), 1+d.IntN(12), d.pick("漏雨", "墙体开裂", "屋顶翻修", "门窗更换"), d.pick("已修缮", "尚未处理", "村里正在协调", "由亲属出资修好"))
	case 3:
		return fmt.Sprintf("承包地%d.%d亩，种%s，年收入约%d元。", 1+d.IntN(9), d.IntN(10), d.pick("小麦玉米", "花生", "大白菜", "辣椒", "马铃薯"), 800+100*d.IntN(90))
	case 4:
		return fmt.Sprintf("%s在%s就读%s，一年花费约%d元。", d.kin(), d.pick("胶州一中", "李哥庄中学", "镇中心小学", "青岛职业技术学院", "潍坊学院"), d.pick("一年级", "二年级", "三年级", "毕业班"), 1000+200*d.IntN(90))
	case 5:
		return fmt.Sprintf("%s行动不便，%s由%s照料。", d.kin(), d.pick("白天", "平时", "夜间", "周末"), d.pick("邻居", "配偶", "出嫁的女儿", "护理员", "村干部"))
	case 6:
		return fmt.Sprintf("已于%d月%d日告知%s政策，%s。", 1+d.IntN(12), 1+d.IntN(28), d.pick("临时救助", "医疗救助", "教育救助", "残疾人两项补贴", "危房改造"), d.pick("本人暂不申请", "准备材料中", "已提交申请", "需与子女商量"))
	case 7:
		return fmt.Sprintf("%s反映%s，请镇里协助核实。", d.name(), d.pick("水费有误", "补贴未到账", "低保金少发一个月", "医保未续缴", "轮椅损坏"))
	}
	return fmt.Sprintf("欠%s%d元，分%d年还清。", d.pick("信用社", "亲戚", "医院", "供销社"), 1000*(1+d.IntN(60)), 1+d.IntN(5))
}

// household is the values of one household, about 520 bytes of JSON.
func (d drawer) household(region string) map[string]any {
	return map[string]any{
		"region": region, "head_name": d.name(), "phone": fmt.Sprintf("1%d%09d", 3+d.IntN(7), d.IntN(1e9)),
		"address":        fmt.Sprintf("李哥庄镇港东新村%d号楼%d单元%d室", 1+d.IntN(60), 1+d.IntN(6), 101+d.IntN(900)),
		"monthly_income": 500 + d.IntN(4000), "medical_cost_12m": d.IntN(30000), "cause": d.pick("illness", "disability", "schooling", "no_labour"),
		"housing_kind": "owned", "housing_grade": d.pick("A", "B", "C"), "tags": []string{"empty_nest"},
		"remarks": []map[string]any{{"id": newID(), "at": fmt.Sprintf("2026-11-%02dT%02d:%02d:00.000Z", 1+d.IntN(22), d.IntN(10), d.IntN(60)), "text": d.sentence() + d.sentence() + d.sentence()}}}
}

func (d drawer) households(w *writer, n int, region string) []op {
	ops := make([]op, n)
	for i := range ops {
		ops[i] = w.issue("create", "households", newID(), 0, d.household(region), nil)
	}
	return ops
}

// edit is an edit of one field: by turns one that the last writer decides, and one
// that the town reviews.
func (d drawer) edit(i int) map[string]any {
	if i%2 == 0 {
		return map[string]any{"phone": fmt.Sprintf("1%d%09d", 3+d.IntN(7), d.IntN(1e9))}
	}
	return map[string]any{"monthly_income": 500 + d.IntN(4000)}
}

func text(b *testing.B, v any) []byte {
	b.Helper()
	out, err := json.Marshal(v, json.Deterministic(true))
	must(b, err)
	return out
}

func gzipSize(b *testing.B, raw []byte) int {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(raw)
	must(b, err)
	must(b, z.Close())
	return out.Len()
}

// csvSize is the size of records' values as one gzipped CSV, a line for the names:
// the floor that the wire is compared with.
func csvSize(b *testing.B, ids []string, records []map[string]any) int {
	b.Helper()
	names := map[string]bool{}
	for _, r := range records {
		for k := range r {
			names[k] = true
		}
	}
	keys := make([]string, 0, len(names))
	for k := range names {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	must(b, w.Write(append([]string{"id"}, keys...)))
	for i, r := range records {
		line := []string{ids[i]}
		for _, k := range keys {
			line = append(line, cell(b, r[k]))
		}
		must(b, w.Write(line))
	}
	w.Flush()
	must(b, w.Error())
	return gzipSize(b, out.Bytes())
}

// cell is a value as CSV has it; lists and objects are JSON.
func cell(b *testing.B, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return string(text(b, v))
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}
