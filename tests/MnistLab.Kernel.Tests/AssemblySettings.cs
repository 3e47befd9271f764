using MnistLab.Kernel.Tests;

// As the kernel's own process does.
[assembly: AssemblyFixture(typeof(InstalledExceptionFilter))]
