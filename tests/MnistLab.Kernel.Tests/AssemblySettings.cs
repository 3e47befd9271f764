using MnistLab.Kernel.Tests;

// The kernel's own process installs this filter, too.
[assembly: AssemblyFixture(typeof(InstalledExceptionFilter))]
