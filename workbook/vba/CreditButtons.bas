Attribute VB_Name = "CreditButtons"
Option Explicit
' What the buttons on the sheet Control and the ribbon run, and what happens when the workbook is opened.
' The part between the two marks is written from the list of reports when the workbook is built.
' Python writes the cells and shows the messages; whatever happens to it, Excel gets back its screen and its calculation here.
' No Function stands here: a cell could call it (see CreditCalls).

Public Credit As New CreditCalls

Private Sub RunCredit(ByVal task As String)
    Dim calculation As Long, cursor As Long, updating As Boolean
    If Val(Application.Version) < 14 Then    ' LibreOffice says 11; with the extension a button never comes here
        MsgBox "This button needs the extension of the product, which this LibreOffice does not have." & vbNewLine & _
            "Run in a command window: xladdin install libreoffice - then start LibreOffice again." & vbNewLine & vbNewLine & _
            '@no extension
            , vbExclamation, "Credit"
        Exit Sub
    End If
    If ActiveWorkbook Is Nothing Then Exit Sub
    calculation = Application.Calculation
    cursor = Application.Cursor
    updating = Application.ScreenUpdating
    On Error GoTo Failed
    Application.Cursor = xlWait
    Application.Calculation = xlCalculationManual
    Application.ScreenUpdating = False
    Credit.RunTask task
Finish:
    On Error Resume Next
    Application.ScreenUpdating = updating
    Application.Calculation = calculation
    Application.Cursor = cursor
    On Error GoTo 0
    Exit Sub
Failed:
    Application.StatusBar = False
    CannotStart Err.Description
    Resume Finish
End Sub

'@reports

'@end of reports

Private Sub CannotStart(ByVal reason As String)
    MsgBox "Python could not be started: " & reason & vbNewLine & vbNewLine & _
        "Is the product installed on this computer? Run in a command window: xladdin doctor excel" & vbNewLine & vbNewLine & _
        '@no python
        , vbExclamation, "Credit"
End Sub

Public Sub RefreshAll()
    RunCredit "all"
End Sub

Public Sub UndoLast()
    RunCredit "undo"
End Sub

Public Sub WriteLetters()
    RunCredit "letters"
End Sub

Public Sub CheckData()
    RunCredit "check"
End Sub

Public Sub Recalculate()
#If Mac Then
    RunCredit "recalculate"
#Else
    Credit.Forget
    Application.CalculateFull
#End If
End Sub

Public Sub NewCreditWorkbook()
    Dim path As Variant, title As String
    title = "Credit"
#If Mac Then
    MsgBox "In a terminal: xladdin build Credit.xlsm", vbInformation, title
#Else
    path = Application.GetSaveAsFilename("Credit.xlsm", "Excel macro-enabled workbook (*.xlsm),*.xlsm")
    If VarType(path) = vbBoolean Then Exit Sub
    On Error GoTo Failed
    If Credit.NewWorkbook(CStr(path)) Then Workbooks.Open path
    Exit Sub
Failed:
    CannotStart Err.Description
#End If
End Sub

Public Sub CleanUp()
    ' On a Mac xlwings runs this when Python has ended: what went wrong there is shown.
    Dim said As String
    Application.StatusBar = False
    said = Credit.LogOfMac()
    If said <> "" Then MsgBox said, vbExclamation, "Credit"
End Sub

Public Sub Auto_Open()
    RegisterFunctions
End Sub

Public Sub RegisterFunctions()
    ' Gives the function wizard its texts, in the language of the workbook. A Mac cannot take them.
#If Not Mac Then
    Dim texts As Variant, helps() As String, language As String, row As Long, column As Long, count As Long, saved As Boolean
    Dim place As String
    place = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!"
    saved = ThisWorkbook.Saved
    texts = ThisWorkbook.Worksheets("credit.functions").UsedRange.Value2
    language = texts(1, 1)
    If language = "auto" Then language = IIf(Application.International(xlCountryCode) = 86, "zh", "en")
    For row = 2 To UBound(texts, 1)
        If texts(row, 1) = language Then
            count = 0
            For column = 5 To UBound(texts, 2)
                If Not IsEmpty(texts(row, column)) Then count = column - 4
            Next column
            On Error Resume Next    ' without a visible workbook Excel takes no texts; the functions work all the same
            If count = 0 Then
                Application.MacroOptions Macro:=place & texts(row, 2), Description:=texts(row, 4), Category:="Credit: " & texts(row, 3)
            Else
                ReDim helps(1 To count)
                For column = 1 To count
                    helps(column) = texts(row, column + 4)
                Next column
                Application.MacroOptions Macro:=place & texts(row, 2), Description:=texts(row, 4), _
                    Category:="Credit: " & texts(row, 3), ArgumentDescriptions:=helps
            End If
            On Error GoTo 0
        End If
    Next row
    ThisWorkbook.Saved = saved
#End If
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

Public Sub RibbonLetters(control As IRibbonControl)
    WriteLetters
End Sub

Public Sub RibbonCheck(control As IRibbonControl)
    CheckData
End Sub

Public Sub RibbonNew(control As IRibbonControl)
    NewCreditWorkbook
End Sub
