using System.Runtime.ExceptionServices;

namespace MnistLab.Kernel;

/// <summary>
/// Keeps an abort from ending the process. An abort may hit the cell's thread where the runtime is just handing on the rest of an async method; the runtime then throws
/// it again on the thread pool, where nobody waits for it. The cell has ended by then, and says so by itself.
/// </summary>
internal static class StrayAborts
{
    /// <summary>To be called once in a process, before the first cell.</summary>
    public static void Ignore() => ExceptionHandling.SetUnhandledExceptionHandler(error => error is ThreadAbortException or ThreadInterruptedException);
}
