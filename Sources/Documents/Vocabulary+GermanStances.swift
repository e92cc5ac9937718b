import Expressions

extension Vocabulary {
  /// How far a sentence stands behind what it says, whom it speaks for, and where it begins.
  static let germanStances: [Entry] = [
    ("wäre", .hedge), ("wären", .hedge), ("hätte", .hedge), ("hätten", .hedge), ("kann", .hedge),
    ("können", .hedge), ("könnten", .hedge), ("darf", .hedge), ("dürfen", .hedge), ("mag", .hedge),
    ("mögen", .hedge), ("falsch", .hedge), ("irrig", .hedge), ("ein fehler", .hedge),
    ("zu beginn", .hedge), ("anfangs", .hedge), ("initialisierung", .hedge),
    ("initialisiert", .hedge), ("im mittel", .hedge), ("laut", .hedge), ("ausgeschlossen", .hedge),
    ("unzulässig", .hedge), ("vielleicht", .hedge), ("manche", .hedge), ("jemand", .hedge),
    ("man könnte", .hedge), ("niemand", .not), ("alles andere als", .not), ("hört auf", .not),
    ("wir", .ours), ("uns", .ours), ("unser", .ours), ("unsere", .ours), ("unserer", .ours),
    ("hier", .ours), ("verwenden", .use), ("benutzen", .use), ("verwendet", .use),
    ("benutzt", .use), ("hat", .has), ("haben", .has), ("habe", .has), ("immer", .filler),
    ("im folgenden", .filler), ("der einfachheit halber", .filler), ("von nun an", .filler),
    ("ab jetzt", .filler), ("werden", .filler), ("sein", .filler), ("wieder", .filler),
    ("behandeln", .treat), ("behandelt", .treat), ("betrachten", .treat), ("betrachtet", .treat),
    ("ansehen", .treat), ("anzusehen", .treat), ("beginnt bei", .starting),
    ("beginnen bei", .starting), ("startet bei", .starting), ("beginnt mit", .starting),
    ("ab", .starting), ("erste schritt", .starting), ("erster schritt", .starting),
    ("vektorfall", .vectorCase), ("matrixfall", .vectorCase), ("vektoriellen fall", .vectorCase),
    ("allgemeinen fall", .vectorCase), ("allgemeine fall", .vectorCase),
    ("skalare rekursion", .allScalars), ("skalaren rekursion", .allScalars),
    ("skalarer fall", .allScalars), ("im skalaren fall", .allScalars),
    ("skalaren fall", .allScalars), ("skalare fall", .allScalars), ("eindimensional", .allScalars),
    ("ein einziges verstecktes neuron", .allScalars), ("variiert mit", .dependsOn),
    ("ändert sich mit", .dependsOn), ("alle pfade", .alongPaths), ("allen pfaden", .alongPaths),
    ("jeden pfad", .alongPaths), ("alle wege", .alongPaths), ("durch die gates", .alongPaths),
    ("gezählt", .counted), ("zählen", .counted), ("mitgezählt", .counted),
    ("berücksichtigt", .counted), ("bedeutet", .denotes), ("meint", .denotes),
    ("zeile von", .rowsOf), ("zeilen von", .rowsOf), ("jede zeile von", .rowsOf),
    ("behauptung", .hedge), ("bestimmt", .determines), ("zählt", .counted), ("kein gate", .nothing),
    ("keine größe", .nothing),
    ("dabei", .filler), ("nun", .filler), ("außerdem", .filler), ("offenbar", .filler),
    ("ferner", .filler), ("bekanntlich", .filler), ("gemeint", .denotes),
  ]
}
