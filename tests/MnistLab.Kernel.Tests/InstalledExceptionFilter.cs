using MnistLab.Kernel.Scripting;

namespace MnistLab.Kernel.Tests;

public sealed class InstalledExceptionFilter
{
    public InstalledExceptionFilter() => UnhandledExceptionFilter.Install();
}
