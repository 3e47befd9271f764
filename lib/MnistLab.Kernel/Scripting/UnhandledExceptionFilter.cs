using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Scripting;

/// <summary>
/// Keeps unhandled exceptions (in an <c>async void</c> method, a timer callback, or a thread) from ending the process:
/// they are reported in the cell that started the work. An abort is not reported, because it may occur on the thread of
/// the cell while the runtime is resuming an asynchronous method, and is then rethrown on the thread pool after the end
/// of the cell.
/// </summary>
internal static class UnhandledExceptionFilter
{
    /// <summary>Installs the filter. Must be called once per process, before the first cell.</summary>
    public static void Install() => ExceptionHandling.SetUnhandledExceptionHandler(IsSurvivable);

    /// <summary>Reports an unhandled exception in the background work of a cell.</summary>
    public static void Report(Exception error, CellScope scope)
    {
        const string Heading = "Unhandled exception in the background work of this cell. The session continues.";
        string[] lines = [Heading, .. CellErrors.Exception(error).Traceback];
        scope.Sink.Write(StreamName.Stderr, string.Concat(lines.Select(line => line + "\n")));
    }

    private static bool IsSurvivable(Exception error)
    {
        if (IsOfAStop(error)) return true;
        // An exception that did not come from a cell is a defect of the kernel itself; if it were ignored, the kernel
        // would continue in an unknown state.
        if ((CellScope.LastOfThread ?? ScopeOfCode(error)) is not { } scope) return false;
        Report(error, scope);
        return true;
    }

    /// <summary>Returns whether the exception results from stopping a cell.</summary>
    public static bool IsOfAStop(Exception error) => error is ThreadAbortException or ThreadInterruptedException;

    // Work may be started without the execution context of its cell, but the stack trace still contains code of the
    // cell.
    private static CellScope? ScopeOfCode(Exception error) => new StackTrace(error).GetFrames()
        .Select(frame => CellAssemblies.ScopeOf(frame.GetMethod()))
        .LastOrDefault(scope => scope is not null);
}
