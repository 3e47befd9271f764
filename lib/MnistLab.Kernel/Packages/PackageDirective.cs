namespace MnistLab.Kernel;

/// <summary>A package that a cell refers to: <c>#r "nuget: Name, Version"</c>.</summary>
/// <param name="Line">The directive's line in the cell, from 1.</param>
/// <param name="Name">The package's name.</param>
/// <param name="Version">The version, as NuGet writes it; null for the newest.</param>
internal sealed record PackageDirective(int Line, string Name, string? Version);
