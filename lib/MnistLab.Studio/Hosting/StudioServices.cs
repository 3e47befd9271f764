using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using MnistLab.Studio.Course;
using MnistLab.Studio.Notebooks;
using MnistLab.Studio.Preferences;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Hosting;

/// <summary>The services that pages inject.</summary>
internal static class StudioServices
{
    // Cells hold up to this much text; pages send it when it changes.
    private const int MaxMessage = 8 << 20;

    public static void AddStudio(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxMessage);
        // What it protects is of use to this process only.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        services.AddHttpContextAccessor();
        services.AddScoped<Texts>();
        services.AddScoped<PageConnection>().AddScoped<CircuitHandler>(scope => scope.GetRequiredService<PageConnection>());
        services.AddSingleton<WorkspaceFiles>();
        services.AddSingleton<TrustStore>().AddSingleton<NotebookSessions>();
        services.AddSingleton<ProgressStore>().AddSingleton<CourseMap>();
        services.AddConsole();
    }
}
