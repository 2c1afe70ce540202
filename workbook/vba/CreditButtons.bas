Attribute VB_Name = "CreditButtons"
Option Explicit
' What the buttons on the sheet Control and the ribbon tab Credit run.
' The part between the two marks is written from the list of reports when the workbook is built.

Private Sub RunCredit(ByVal task As String)
    Dim cursorBefore As Long
    cursorBefore = Application.Cursor
    On Error GoTo Failed
    Application.Cursor = xlWait
    RunPython "from xladdin.hosts.excel.buttons import run; run('" & task & "')"
Finish:
    Application.Cursor = cursorBefore
    Exit Sub
Failed:
    MsgBox "Python could not be started: " & Err.Description & vbNewLine & _
        "Check the interpreter on the hidden sheet xlwings.conf; docs/excel.md says how.", vbExclamation, "Credit"
    Resume Finish
End Sub

'@reports

'@end of reports

Public Sub RefreshAll()
    RunCredit "all"
End Sub

Public Sub UndoLast()
    RunCredit "undo"
End Sub

Public Sub CheckData()
    RunCredit "check"
End Sub

Public Sub Recalculate()
    RunCredit "recalculate"
End Sub

Public Sub RibbonReport(control As IRibbonControl)
    RunCredit control.Tag
End Sub

Public Sub RibbonAll(control As IRibbonControl)
    RefreshAll
End Sub

Public Sub RibbonRecalculate(control As IRibbonControl)
    Recalculate
End Sub

Public Sub RibbonUndo(control As IRibbonControl)
    UndoLast
End Sub

Public Sub RibbonCheck(control As IRibbonControl)
    CheckData
End Sub
