package config

// Keys is the table: every value that a server can be told, in the order in which
// the manual lists them. A flag of `serve` without a row here fails a test.
var Keys = []Key{
	{Name: "dir", Kind: Path, Default: "doorstep_data", For: "数据目录：数据库、照片、密钥都在这里"},
	{Name: "http", Kind: Address, Default: "127.0.0.1:8090", For: "监听地址；没有证书或代理时只能是本机地址"},
	{Name: "cert", Kind: Path, For: "https 证书文件(PEM，含中间证书)；更新后自动生效"},
	{Name: "key", Kind: Path, For: "https 私钥文件(PEM)"},
	{Name: "acme", Kind: Names, For: "自动申请并续期证书(ACME)的域名；代替 cert 和 key。证书机构须能以这些域名连到本机 443 端口"},
	{Name: "acme-terms", Kind: Switch, Default: "false", For: "已阅读并同意证书机构的服务条款；用 acme 时必须为 true"},
	{Name: "acme-mail", Kind: Text, For: "证书机构联系用的邮箱"},
	{Name: "acme-directory", Kind: URL, Default: "https://acme-v02.api.letsencrypt.org/directory", For: "证书机构的 ACME 目录网址；用单位内部或国内机构时改为其网址"},
	{Name: "acme-account", Kind: Path, For: "证书机构发给的账号(EAB)文件：第一行账号标识，第二行密钥，只许运行服务的用户读取；不要求账号的机构不设"},
	{Name: "acme-ca", Kind: Path, For: "单位内部机构的根证书文件(PEM)，用来核对其网址"},
	{Name: "acme-cache", Kind: Path, For: "保存申请到的证书和账号密钥的目录；不设时为数据目录下的 acme"},
	{Name: "behind-proxy", Kind: Switch, Default: "false", For: "前面有 https 代理：允许明文监听，来访地址取 X-Forwarded-For 的最后一个"},
	{Name: "address", Kind: URL, For: "对外网址(如 https://jz.example)，写进公示单的二维码；不设时二维码只含公示编号"},
	{Name: "second-factor", Kind: Text, Default: "off", Choices: []string{"off", "town"}, For: "动态口令：off 自愿绑定，town 镇(街道)及以上下次登录时必须绑定(建议)"},
	{Name: "backup", Kind: Place, For: "备份目录(应在另一块磁盘上)，或对象存储 s3://存储桶/前缀?endpoint=https://主机&region=区域；不设则不自动备份", Elsewhere: map[string]string{"backup": "to", "restore": "from", "drill": "from"}},
	{Name: "s3-keys", Kind: Path, For: "对象存储的密钥文件：第一行访问密钥，第二行私有密钥，只许运行服务的用户读取"},
	{Name: "backup-every", Kind: Duration, Default: "1h0m0s", Low: "1s", For: "自动备份的间隔"},
	{Name: "backup-keep", Kind: Whole, Unit: "份", Default: "48", Low: "1", For: "保留最近多少份备份"},
	{Name: "audit-export", Kind: Path, For: "每月自动导出审计日志(带国密签名)的目录，应在另一块磁盘上并由审计人员保管；不设则不自动导出"},
	{Name: "disk-reserve", Kind: Whole, Unit: "MB", Default: "512", For: "数据盘剩余少于此数时不再接收新内容(平板会保留，腾出空间后自动恢复)，查看不受影响"},
	{Name: "metrics-token-file", Kind: Path, For: "存放监控口令的文件；带口令可从其他机器读 /metrics，不设则只有本机能读"},
	{Name: "log-format", Kind: Text, Default: "text", Choices: []string{"text", "json"}, For: "日志写法"},
	{Name: "log-level", Kind: Text, Default: "info", Choices: []string{"debug", "info", "warn", "error"}, For: "日志从哪一级写起；debug 会记每个请求"},
	{Name: "stop-within", Kind: Duration, Default: "20s", Low: "1s", For: "停止时最多等正在处理的请求多久"},
	{Name: "same-volume", Kind: Switch, Default: "false", For: "允许备份目录与数据目录在同一块磁盘(仅限试用)"},
}
