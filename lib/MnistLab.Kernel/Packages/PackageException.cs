namespace MnistLab.Kernel;

/// <summary>Packages that cannot be used; the message says which, why, and what to do.</summary>
internal sealed class PackageException(string problem) : Exception(problem);
