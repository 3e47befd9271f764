namespace MnistLab.Kernel.Directives;

/// <summary>Represents a package that a cell references: <c>#r "nuget: Name, Version"</c>.</summary>
/// <param name="Line">The 1-based line of the directive in the cell.</param>
/// <param name="Name">The name of the package.</param>
/// <param name="Version">The version in NuGet's notation; null for the latest.</param>
internal sealed record PackageDirective(int Line, string Name, string? Version);
