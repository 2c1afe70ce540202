"""The guard of the extension: LibreOffice's Python is not started where that would take LibreOffice down.

A LibreOffice that uses the system's Python looks for `python3` on the PATH to find its libraries. Started from an activated Python
environment, it takes that one's, in which its own module `uno` is missing; it cannot report that and ends (std::bad_alloc), with every
document that is open. As our extension is loaded with any document, it must not come so far: this guard is written in LibreOffice's Basic,
runs before the first document is opened, and where Python would not find `uno` it takes our components out of this session. Cells then keep
their values, new formulas show #NAME?, and a bar above a spreadsheet says why.

Whether `uno` is found is tried, not guessed: a Python process that looks for its libraries as LibreOffice would imports it. That is done
only where something of another Python is there; the usual start costs a look at a few folders.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from xladdin.hosts.libreoffice.extension.names import ADDIN, IDENTIFIER, JOB, RUNNER

LIBRARY: Final = "XladdinGuard"
TRYING: Final = "XLADDIN_TRIES_LIBREOFFICE"  # a variable of the trial alone: where the environment of the product lets it find uno
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

#: run by the system's Python: becomes a Python that finds its libraries by the PATH, as one inside another program does
TRIAL: Final = f'''"""Tries whether a Python that looks for its libraries on the PATH finds LibreOffice's module uno; run by the guard."""
import os
import sys

_, program, told = sys.argv
code = "import sys; sys.path.append(sys.argv[1]); import uno, encodings; open(sys.argv[2], 'w').write('found')"
os.environ["{TRYING}"] = "1"
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
os.execv(sys.executable, ["python3", "-c", code, program, told])
'''

ENGLISH: Final = (
    "Credit functions and buttons are off: LibreOffice was started from another Python environment. "
    "Close LibreOffice and start it from the menu, or after the command deactivate."
)
CHINESE: Final = (
    "信用函数与按钮已停用：LibreOffice 是从另一个 Python 环境启动的。"
    "请关闭 LibreOffice，从菜单或执行 deactivate 之后重新启动。"
)

_BASIC: Final = '''Option Explicit
Private oListener As Object

' Bound to the start of LibreOffice: whatever is wrong here must not stop it.
Sub Look()
  On Error Goto Failed
  If Not PythonIsSafe() Then TakeOut()
Failed:
End Sub

Private Function PythonIsSafe() As Boolean
  Dim sProgram As String, sFirst As String
  PythonIsSafe = True
  If GetGUIType() = 1 Then Exit Function
  sProgram = ConvertFromURL(CreateUnoService("com.sun.star.util.PathSubstitution").substituteVariables("$(prog)", True))
  If FileExists(sProgram & "/python") Or FileExists(sProgram & "/python.bin") Then Exit Function
  If Dir(sProgram & "/../Frameworks", 16) <> "" Then Exit Function
  sFirst = FirstPython()
  If Environ("PYTHONHOME") = "" And Environ("PYTHONPATH") = "" Then
    If sFirst = "" Or sFirst = "/usr/bin" Or sFirst = "/bin" Then Exit Function
  End If
  PythonIsSafe = Tried(sProgram)
End Function

' The folder of the first python3 on the PATH.
Private Function FirstPython() As String
  Dim vFolders, i As Integer
  vFolders = Split(Environ("PATH"), ":")
  For i = 0 To UBound(vFolders)
    If vFolders(i) <> "" Then
      If FileExists(vFolders(i) & "/python3") Then
        FirstPython = vFolders(i)
        Exit Function
      End If
    End If
  Next
  FirstPython = ""
End Function

' Whether a Python as LibreOffice would start it finds uno.
Private Function Tried(sProgram As String) As Boolean
  Dim oTemporary As Object, oPackages As Object, sTold As String, sHere As String, sPython As String, nFile As Integer, sLine As String
  Tried = False
  sPython = "/usr/bin/python@PYTHON@"
  If Not FileExists(sPython) Then sPython = "/usr/bin/python3"
  If Not FileExists(sPython) Then Exit Function
  oTemporary = CreateUnoService("com.sun.star.io.TempFile")
  sTold = ConvertFromURL(oTemporary.Uri)
  oPackages = GetDefaultContext().getValueByName("/singletons/com.sun.star.deployment.PackageInformationProvider")
  sHere = ConvertFromURL(oPackages.getPackageLocation("@IDENTIFIER@"))
  Shell(sPython, 0, "-I -S """ & sHere & "/@LIBRARY@/trial.py"" """ & sProgram & """ """ & sTold & """", True)
  nFile = FreeFile
  Open sTold For Input As #nFile
  If Not EOF(nFile) Then Line Input #nFile, sLine
  Close #nFile
  Tried = (sLine = "found")
End Function

Private Sub TakeOut()
  Dim vName
  On Error Resume Next
  For Each vName In Array(@COMPONENTS@)
    GetProcessServiceManager().remove(vName)
  Next
  oListener = CreateUnoListener("Guard_", "com.sun.star.document.XDocumentEventListener")
  GetDefaultContext().getValueByName("/singletons/com.sun.star.frame.theGlobalEventBroadcaster").addDocumentEventListener(oListener)
End Sub

Sub Guard_documentEventOccured(oEvent)
  Dim oController As Object
  On Error Goto Failed
  If oEvent.EventName <> "OnViewCreated" Then Exit Sub
  If Not oEvent.Source.supportsService("com.sun.star.sheet.SpreadsheetDocument") Then Exit Sub
  oController = oEvent.ViewController
  If IsNull(oController) Then oController = oEvent.Source.getCurrentController()
  If oController.hasInfobar("xladdin") Then Exit Sub
  oController.appendInfobar("xladdin", "Credit", Words(), 2, Array(), True)
Failed:
End Sub

Sub Guard_disposing(oEvent)
End Sub

Private Function Words() As String
  Dim oSettings As Object, oNode As New com.sun.star.beans.PropertyValue
  Words = "@ENGLISH@"
  On Error Goto Failed
  oNode.Name = "nodepath" : oNode.Value = "/org.openoffice.Setup/L10N"
  oSettings = CreateUnoService("com.sun.star.configuration.ConfigurationProvider")
  oSettings = oSettings.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", Array(oNode))
  If Left(oSettings.ooLocale, 2) = "zh" Then Words = "@CHINESE@"
Failed:
End Function
'''


def parts(python: str) -> dict[str, str]:
    """Return the guard's files by name, for a product of this Python version."""
    words = {
        "PYTHON": python, "IDENTIFIER": IDENTIFIER, "LIBRARY": LIBRARY, "ENGLISH": ENGLISH, "CHINESE": CHINESE,
        "COMPONENTS": ", ".join(f'"{name}"' for name in (ADDIN, JOB, RUNNER)),
    }  # fmt: skip
    basic = _BASIC
    for name, text in words.items():
        basic = basic.replace(f"@{name}@", text)
    kind = '<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">\n'
    library = (
        f'<library:library xmlns:library="http://openoffice.org/2000/library" library:name="{LIBRARY}" library:readonly="true" '
        'library:passwordprotected="false">{}</library:library>\n'
    )
    head = _HEAD + kind.format("library:library", "library")
    return {
        "Events.xcu": _events(),
        f"{LIBRARY}/script.xlb": head + library.format('<library:element library:name="Guard"/>'),
        f"{LIBRARY}/dialog.xlb": head + library.format(""),
        f"{LIBRARY}/Guard.xba": _HEAD + kind.format("script:module", "module")
        + '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Guard" script:language="StarBasic">'
        + f"{escape(basic)}</script:module>\n",
        f"{LIBRARY}/trial.py": TRIAL,
    }  # fmt: skip


def _events() -> str:
    """Bind the guard to the start of LibreOffice, which comes before any document."""
    return (
        _HEAD + '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'oor:package="org.openoffice.Office" oor:name="Events"><node oor:name="ApplicationEvents"><node oor:name="Bindings">'
        '<node oor:name="OnStartApp" oor:op="replace"><prop oor:name="BindingURL" oor:type="xs:string">'
        f"<value>vnd.sun.star.script:{LIBRARY}.Guard.Look?language=Basic&amp;location=application</value>"
        "</prop></node></node></node></oor:component-data>\n"
    )
