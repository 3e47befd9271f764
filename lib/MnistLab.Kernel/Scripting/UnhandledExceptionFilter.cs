using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace MnistLab.Kernel;

/// <summary>
/// Keeps exceptions that nothing catches (in an <c>async void</c> method, a timer's callback, a thread) from ending
/// the process: they are reported in the cell that
/// started the work. An abort is not reported: it may hit the cell's thread where the runtime is just handing on the
/// rest of an asynchronous method, and comes up
/// again on the thread pool after the cell has ended.
/// </summary>
internal static class UnhandledExceptionFilter
{
    /// <summary>Installs the filter; to be called once in a process, before the first cell.</summary>
    public static void Install() => ExceptionHandling.SetUnhandledExceptionHandler(IsSurvivable);

    /// <summary>Reports an exception in the background of a cell.</summary>
    public static void Report(Exception error, CellScope scope)
    {
        const string Heading = "An exception that nothing caught, in the background of this cell. The session continues.";
        string[] lines = [Heading, .. CellErrors.Exception(error).Traceback];
        scope.Sink.Write(StreamName.Stderr, string.Concat(lines.Select(line => line + "\n")));
    }

    private static bool IsSurvivable(Exception error)
    {
        if (IsOfAStop(error)) return true;
        // What has nothing to do with a cell is a fault of the kernel itself, which would go on in an unknown state.
        if ((CellScope.LastOfThread ?? ScopeOfCode(error)) is not { } scope) return false;
        Report(error, scope);
        return true;
    }

    /// <summary>Returns whether the exception is the stop of a cell.</summary>
    public static bool IsOfAStop(Exception error) => error is ThreadAbortException or ThreadInterruptedException;

    // Work can be started without the flow of its cell; its code is that of a cell all the same.
    private static CellScope? ScopeOfCode(Exception error) => new StackTrace(error).GetFrames()
        .Select(frame => CellAssemblies.ScopeOf(frame.GetMethod()))
        .LastOrDefault(scope => scope is not null);
}
