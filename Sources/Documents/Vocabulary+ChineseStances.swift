import Expressions

extension Vocabulary {
  /// How far a sentence stands behind what it says, whom it speaks for, and where it begins.
  static let chineseStances: [Entry] = [
    ("中的任意一个", .anyOf), ("中的任一个", .anyOf), ("之一", .anyOf), ("定义", .write), ("变为", .becoming),
    ("变成", .becoming), ("化为", .becoming), ("化简为", .becoming),
    ("简化为", .becoming), ("退化为", .becoming), ("成为", .becoming), ("可能", .hedge), ("也许", .hedge),
    ("误区", .wrong), ("错误", .wrong), ("错误的", .wrong), ("初始化", .hedge),
    ("初始时", .hedge), ("开始时", .hedge), ("有人", .hedge), ("别人", .hedge), ("平均", .hedge),
    ("排除", .hedge), ("假如", .hedge), ("我们", .ours), ("本文中", .ours), ("在此", .ours), ("把", .filler),
    ("将", .filler), ("始终是", .filler), ("下面", .filler), ("以下", .filler), ("为简单起见", .filler),
    ("为简便起见", .filler), ("视作", .treat), ("看成", .treat), ("从", .starting), ("始于", .starting),
    ("开始于", .starting), ("向量情形", .vectorCase), ("矩阵情形", .vectorCase), ("一般情形", .vectorCase),
    ("所有路径", .alongPaths), ("每条路径", .alongPaths), ("全部路径", .alongPaths), ("标量递推", .allScalars),
    ("一维", .allScalars),
    ("之和", .hedge), ("求导", .counted), ("没有任何", .nothing), ("没有任何量", .nothing),
    ("错", .wrong),
    ("此外", .filler), ("注意到", .filler), ("显然", .filler),
    ("证明", .goal), ("试证", .goal), ("求证", .goal), ("验证", .goal), ("指的是", .denotes), ("是指", .denotes),
    ("这里指", .denotes), ("均指", .denotes), ("都指", .denotes),
  ]
}
