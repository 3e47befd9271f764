using System.Net;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Packages;

/// <summary>Creates the displays for the packages that a cell references.</summary>
internal static class PackageDisplay
{
    public static MimeBundle Installing(IEnumerable<PackageDirective> packages) =>
        Format(
            "Installing packages",
            packages.Select(package => package.Version is { } version ? $"{package.Name}, {version}" : package.Name));

    public static MimeBundle Installed(IEnumerable<(string Name, string Version)> packages) =>
        Format("Installed packages", packages.Select(package => $"{package.Name}, {package.Version}"));

    private static MimeBundle Format(string heading, IEnumerable<string> names)
    {
        string[] all = [.. names.Distinct()];
        var html =
            $"<div><strong>{heading}</strong><ul>{string.Concat(all.Select(name => $"<li><span>{WebUtility.HtmlEncode(name)}</span></li>"))}</ul></div>";
        return MimeBundle.From("text/html", html).With("text/plain", $"{heading}: {string.Join("; ", all)}");
    }
}
