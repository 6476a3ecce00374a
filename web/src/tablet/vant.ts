// Vant's components are imported singly where they are used; their styles are
// gathered here. Not by their style entries: those bring an icon font, which the
// app does not use and its content policy does not load.
import 'vant/es/style/base.css'
import 'vant/es/overlay/index.css'
import 'vant/es/popup/index.css'
import 'vant/es/loading/index.css'
import 'vant/es/button/index.css'
import 'vant/es/toast/index.css'
import 'vant/es/progress/index.css'
