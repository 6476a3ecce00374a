package demo

const (
	textShort      = "演示：以虚构家庭填充数据目录并启动服务"
	textDir        = "数据目录"
	textHTTP       = "监听地址"
	textHouseholds = "家庭户数(新目录)"
	textSeed       = "随机种子(新目录)；同一种子得到同一个县"
	textProgress   = "\r正在生成演示数据：%d / %d 户"
	textPortTaken  = "无法监听 %s，请用 --http 指定别的地址：%w"
	textServing    = "\nDoorstep · 铁脚板 演示(人物均为虚构，金额标准为示例)\n  平板端  %[1]s/\n  控制台  %[1]s/console/\n  密码    %[2]s\n\n"
)

var textColumns = []string{"账号", "姓名", "角色", "范围"}
