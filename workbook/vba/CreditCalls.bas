Attribute VB_Name = "CreditCalls"
Option Explicit
Option Private Module
' How a cell reaches Python: one round trip to the server for each new question, none for a question asked before.
' The server is started once and kept; when its process has died it is started once more, and only then the cell says so.
' No setting is looked up after the start. Cells hand over plain values (Value2), never themselves.

Private Const SCRIPT As String = "xladdin.hosts.excel.server"
'@version
Private Const ERROR_CODES As Double = 2146828288#  ' COM writes Excel's error n as n less this number (0x800A0000)
Private Const REMEMBERED As Long = 20000    ' answers kept; then all are forgotten
Private Const EXPLAINED As Long = 10000     ' cells whose reasons are kept
Private Const PATIENCE As Double = 30       ' seconds before a Python that could not be started is tried again

Private m_server As Object
Private m_command As String
Private m_answers As Object     ' what was asked -> what was answered
Private m_reasons As Object     ' address -> Array(the cell itself, rows of (row, column, reason))
Private m_failed_at As Double
Private m_failure As String
Private m_gathered_at As Double

Public Function CreditCall(ByVal name As String, ParamArray given() As Variant) As Variant
    ' The value of a credit function: what every function of the module CreditFunctions does.
#If Mac Then
    If name = "CREDITWHY" Then
        CreditCall = "on a Mac the button Recalculate brings the values of credit functions"
    Else
        CreditCall = CVErr(xlErrNA)
    End If
#Else
    Dim cells() As Variant, question As String, part As String, single_cells As Boolean, index As Long, answer As Variant
    On Error GoTo Failed
    ReDim cells(0 To UBound(given))
    question = name
    single_cells = True
    For index = 0 To UBound(given)
        If IsMissing(given(index)) Then
            cells(index) = Empty
        ElseIf IsObject(given(index)) Then
            If given(index).Areas.Count > 1 Then
                answer = Array(CVErr(xlErrValue), OneReason("an argument is one range; got several in brackets"))
                GoTo Answered
            End If
            cells(index) = given(index).Value2
        Else
            cells(index) = given(index)
        End If
        If IsArray(cells(index)) Then
            single_cells = False
        ElseIf single_cells Then
            part = Written(cells(index))
            If part = "" Then single_cells = False
            question = question & vbNullChar & part
        End If
    Next index
    If single_cells Then
        If m_answers Is Nothing Then Set m_answers = CreateObject("Scripting.Dictionary")
        If m_answers.Exists(question) Then
            answer = m_answers(question)
        Else
            answer = Ask(name, cells)
            If m_answers.Count >= REMEMBERED Then m_answers.RemoveAll
            If m_failure = "" Then m_answers.Add question, answer
        End If
    Else
        answer = Ask(name, cells)
    End If
Answered:
    KeepReasons answer(1)
    CreditCall = answer(0)
    Exit Function
Failed:
    CreditCall = CVErr(xlErrValue)
#End If
End Function

Public Function CreditAsked(ByRef given As Variant) As Variant
    ' Cells that a function asks about: Array(their values, their reasons).
#If Mac Then
    CreditAsked = Empty
#Else
    Dim reasons() As Variant, row As Long, column As Long
    If Not IsObject(given) Then
        CreditAsked = Array(given, Empty)
    ElseIf given.CountLarge = 1 Then
        CreditAsked = Array(given.Value2, ReasonOf(given))
    Else
        ReDim reasons(1 To given.Rows.Count, 1 To given.Columns.Count)
        For row = 1 To given.Rows.Count
            For column = 1 To given.Columns.Count
                reasons(row, column) = ReasonOf(given.Cells(row, column))
            Next column
        Next row
        CreditAsked = Array(given.Value2, reasons)
    End If
#End If
End Function

#If Not Mac Then
Private Function Ask(ByVal name As String, ByRef cells() As Variant) As Variant
    ' Array(the value, Empty or the rows of reasons): one round trip.
    Dim answer As Variant, again As Long
    If m_failure <> "" Then
        If Abs(Timer - m_failed_at) < PATIENCE Then
            Ask = Array(CVErr(xlErrNA), OneReason(m_failure))
            Exit Function
        End If
    End If
    For again = 1 To 2
        On Error Resume Next
        Err.Clear
        If m_server Is Nothing Then Connect again = 2
        If Err.Number = 0 Then answer = m_server.CallUDF(SCRIPT, name, cells, Nothing, Empty)
        If Err.Number = 0 Then Exit For
        m_failure = "Python does not answer: " & Err.Description & "; run xladdin doctor excel"
        On Error GoTo 0
        Set m_server = Nothing
    Next again
    On Error GoTo 0
    If again > 2 Then
        m_failed_at = Timer
        Ask = Array(CVErr(xlErrNA), OneReason(m_failure))
    Else
        m_failure = ""
        Ask = Array(ForCells(answer(0)), answer(1))
    End If
End Function

Private Function ForCells(ByRef answer As Variant) As Variant
    ' Numbers come as Double; a Long is the code of an error value. A cell shows Empty as 0, so a blank answer is an empty text.
    Dim row As Long, column As Long
    If IsArray(answer) Then
        For row = LBound(answer, 1) To UBound(answer, 1)
            For column = LBound(answer, 2) To UBound(answer, 2)
                If VarType(answer(row, column)) = vbLong Then
                    answer(row, column) = CVErr(CLng(answer(row, column) + ERROR_CODES))
                ElseIf IsEmpty(answer(row, column)) Then
                    answer(row, column) = ""
                End If
            Next column
        Next row
        ForCells = answer
    ElseIf VarType(answer) = vbLong Then
        ForCells = CVErr(CLng(answer + ERROR_CODES))
    ElseIf IsEmpty(answer) Then
        ForCells = ""
    Else
        ForCells = answer
    End If
End Function

Private Function Written(ByRef cell As Variant) As String
    ' A cell as a text that differs for every value, or "" where that is not sure. CStr alone keeps 15 of a number's 17 digits.
    If VarType(cell) = vbError Then
        Written = CStr(cell)    ' "Error 2042"
    ElseIf VarType(cell) = vbDouble Then
        Written = CStr(cell)
        Written = "number " & Written & " " & CStr(cell - CDbl(Written))
    Else
        Written = VarType(cell) & " " & CStr(cell)
    End If
End Function

Private Function OneReason(ByVal text As String) As Variant
    Dim rows(0 To 0, 0 To 2) As Variant
    rows(0, 0) = 0
    rows(0, 1) = 0
    rows(0, 2) = text
    OneReason = rows
End Function

Private Sub KeepReasons(ByRef reasons As Variant)
    ' A range keeps pointing at its cell when rows are inserted above, so the cell itself is kept beside its reasons.
    Dim asking As Range
    If m_reasons Is Nothing Then
        If IsEmpty(reasons) Then Exit Sub
        Set m_reasons = CreateObject("Scripting.Dictionary")
    End If
    If IsEmpty(reasons) And m_reasons.Count = 0 Then Exit Sub
    If TypeName(Application.Caller) <> "Range" Then Exit Sub
    Set asking = Application.Caller.Cells(1, 1)
    If Not IsEmpty(reasons) Then
        If m_reasons.Count >= EXPLAINED Then m_reasons.RemoveAll
        m_reasons(CellAddress(asking)) = Array(asking, reasons)
    ElseIf m_reasons.Exists(CellAddress(asking)) Then
        m_reasons.Remove CellAddress(asking)
    End If
End Sub

Private Function ReasonOf(ByVal asked As Range) As Variant
    ' The reason of a cell, or Empty. It may belong to an array formula, whose first cell asked.
    Dim first As Range, entry As Variant, reasons As Variant, index As Long
    ReasonOf = Empty
    If m_reasons Is Nothing Then Exit Function
    If m_reasons.Count = 0 Then Exit Function
    Set first = FirstCell(asked)
    entry = Kept(first)
    If IsEmpty(entry) Then Exit Function
    reasons = entry(1)
    For index = LBound(reasons, 1) To UBound(reasons, 1)
        If reasons(index, 0) = asked.row - first.row And reasons(index, 1) = asked.column - first.column Then
            ReasonOf = reasons(index, 2)
            Exit Function
        End If
    Next index
End Function

Private Function Kept(ByVal first As Range) As Variant
    ' What is kept of a cell under its address now; when the sheet has moved, everything is filed anew, at most every two seconds.
    Dim address As String
    Kept = Empty
    address = CellAddress(first)
    If m_reasons.Exists(address) Then
        If CellAddress(m_reasons(address)(0)) = address Then
            Kept = m_reasons(address)
            Exit Function
        End If
    ElseIf Not IsError(first.Value2) Then
        Exit Function
    End If
    If Abs(Timer - m_gathered_at) < 2 Then Exit Function
    FileAnew
    If m_reasons.Exists(address) Then Kept = m_reasons(address)
End Function

Private Sub FileAnew()
    Dim filed As Object, item As Variant, address As String
    Set filed = CreateObject("Scripting.Dictionary")
    For Each item In m_reasons.Items
        address = CellAddress(item(0))
        If address <> "" Then filed(address) = item
    Next item
    Set m_reasons = filed
    m_gathered_at = Timer
End Sub

Private Function FirstCell(ByVal asked As Range) As Range
    Dim spilled As Object, parent As Object
    Set FirstCell = asked
    On Error Resume Next
    If asked.HasArray Then
        Set FirstCell = asked.CurrentArray.Cells(1, 1)
    Else
        Set spilled = asked
        Set parent = spilled.SpillParent   ' no cell of a spilled answer, and Excel before 365, has none
        If Not parent Is Nothing Then Set FirstCell = parent
    End If
    On Error GoTo 0
End Function

Private Function CellAddress(ByVal cell As Range) As String
    On Error Resume Next
    CellAddress = cell.address(External:=True)   ' a cell that was deleted has none
    On Error GoTo 0
End Function

Public Function CreditServer() As Object
    ' The server for the buttons. Raises an error in words when Python cannot be started.
    Dim alive As Variant
    On Error Resume Next
    If Not m_server Is Nothing Then alive = m_server.Ready()
    If Err.Number <> 0 Then Set m_server = Nothing
    On Error GoTo 0
    If m_server Is Nothing Then Connect True
    m_failure = ""
    Set CreditServer = m_server
End Function

Private Sub Connect(ByVal afresh As Boolean)
    Dim made As Variant, ignored As Variant
    If ThisWorkbook.Date1904 Then Err.Raise 1002, , "this workbook counts dates from 1904; credit functions need the 1900 date system"
    LoadServerLibrary
    If m_command = "" Then m_command = ServerCommand()
    If afresh Then ignored = XLPyDLLActivateAuto(ignored, m_command, -1)
    If XLPyDLLActivateAuto(made, m_command, 1) <> 0 Then Err.Raise 1000, , CStr(made)
    Set m_server = made
End Sub

Private Sub LoadServerLibrary()
    ' NDims is the one public procedure of xlwings that loads its library without starting its own server.
    Dim ignored As Variant, failure As Long, text As String
    On Error Resume Next
    ignored = NDims(0, 1)
    failure = Err.Number
    text = Err.Description
    On Error GoTo 0
    If failure = 1 Or failure = 53 Then Err.Raise 1001, , text
End Sub

Private Function ServerCommand() As String
    ' The same for every workbook, so that all share one Python; another version starts its own.
    Dim python As String, path As String, conda As String, environment As String
    python = GetConfig("INTERPRETER_WIN", "")
    If python = "" Then python = GetConfig("INTERPRETER", "pythonw")
    path = Replace(Replace(GetConfig("PYTHONPATH"), "\", "\\"), "'", "\'")
    If path <> "" Then path = "import sys; sys.path[:0]='" & path & "'.split(';'); "
    ServerCommand = Chr(34) & python & Chr(34) & " -B -c " & Chr(34) & path & _
        "from " & SCRIPT & " import serve; serve('$(CLSID)')  # " & CREDIT_VERSION & Chr(34)
    conda = GetConfig("CONDA PATH")
    environment = GetConfig("CONDA ENV")
    If conda <> "" And environment <> "" And (python = "python" Or python = "pythonw") Then
        ServerCommand = "cmd.exe /K " & Chr(34) & Chr(34) & conda & "\condabin\conda" & Chr(34) & " activate " & environment & _
            " && " & Replace(ServerCommand, Chr(34) & python & Chr(34), "python", 1, 1) & Chr(34)
    End If
End Function

Public Sub ForgetCredit()
    ' Lets go of the server and of all that is remembered.
    Set m_server = Nothing
    Set m_answers = Nothing
    Set m_reasons = Nothing
    m_command = ""
    m_failure = ""
End Sub
#End If
