package config

// What an operator is told.
const (
	textBad          = "%s：配置项 %s 的值 %q 无效：%s"
	textTooSmall     = "%s：配置项 %s 的值 %s 太小：不能小于 %s"
	textUnknown      = "%s：没有名为 %q 的配置项：请删除这一项，可用的名称见 doorstep config"
	textUnknownNear  = "%s：没有名为 %q 的配置项：是不是 %s？请改正或删除这一项"
	textNoFile       = "不能读取配置文件 %s，请检查路径和权限：%w"
	textFileTooLarge = "配置文件 %s 超过 1 MB，不像是配置文件，请检查路径"
	textSyntax       = "配置文件 %s 第 %d 行第 %d 列写法有误：%s。每行应为 名称 = 值，文字要加英文双引号，例如 http = \"0.0.0.0:443\""
	textOneOf        = "只能是 %s 之一"
	textHidden       = "(已隐藏)"
	textNoValue      = "(未设)"

	fromDefault Origin = "默认值"
	fromLine    Origin = "命令行"
)

// must says what a value of a kind looks like.
func (k Kind) must() string { return musts[k] }

var musts = map[Kind]string{
	Text:     "请写一段文字，加英文双引号",
	Path:     "请写完整路径，以 / 开头，例如 \"/var/lib/doorstep\"",
	Place:    "请写完整路径，以 / 开头，例如 \"/mnt/backup\"；或 \"s3://存储桶/前缀?endpoint=https://主机&region=区域\"",
	Address:  "请写成 地址:端口，例如 \"0.0.0.0:443\"",
	URL:      "请写完整网址，例如 \"https://jz.example\"",
	Names:    "请写域名，多个用逗号分隔，例如 \"jz.example\"；不能是 IP 地址",
	Switch:   "只能是 true(是)或 false(否)",
	Whole:    "请写不小于 0 的整数，例如 48",
	Duration: "请写时长，带单位，例如 \"90s\"、\"30m\"、\"1h\"",
}

var kindLabels = map[Kind]string{
	Text: "文字", Path: "路径", Place: "路径或 s3://", Address: "地址:端口", URL: "网址", Names: "域名", Switch: "true/false", Whole: "整数", Duration: "时长",
}
