package backup

// What an operator is told.
const (
	textCopyFailed   = "数据库复制失败：%w"
	textCopyDamaged  = "备份校验未通过，本次备份作废(平板数据保留不变)：%w"
	textFolderTaken  = "备份目录 %s 正被另一个备份任务使用，请稍后再试"
	textInside       = "备份目录 %s 在数据目录之内，数据目录损坏时备份会一同丢失；请换到另一块磁盘"
	textSameVolume   = "备份目录 %s 与数据目录在同一块磁盘上，磁盘损坏时备份会一同丢失；请换到另一块磁盘，试用时可加 --same-volume"
	textManifest     = "备份 %s 的清单无法识别，请移走该目录后重试"
	textPhotoMissing = "照片 %s 已登记为保存，但服务器上的文件缺失或损坏，备份中也没有完好的副本；请先从旧备份恢复该照片：%w"
	textPhotoDamaged = "备份中的照片 %s 与校验值不符"
	textNoBackup     = "%s 中没有可用的备份"
	textNoSuchBackup = "%s 中没有名为 %s 的备份"
	textChanged      = "备份 %s 的文件与清单不符，可能损坏或被改动；请换用另一个备份"
	textOccupied     = "数据目录 %s 中已有数据库。确认要用备份替换时请加 --replace：原数据库会移到 %s 下，不会删除"
	textNoDecision   = "恢复未完成，数据目录未改动：%w"
)
