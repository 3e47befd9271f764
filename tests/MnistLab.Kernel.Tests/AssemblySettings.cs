using MnistLab.Kernel.Tests;

// As in the kernel's own process.
[assembly: AssemblyFixture(typeof(InstalledExceptionFilter))]
