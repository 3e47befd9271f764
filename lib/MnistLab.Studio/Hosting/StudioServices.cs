using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using MnistLab.Studio.Course;
using MnistLab.Studio.Notebooks;
using MnistLab.Studio.Preferences;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Hosting;

/// <summary>Registers the services that pages inject.</summary>
internal static class StudioServices
{
    // The maximum message size in bytes: a page sends the whole text of a cell when it changes.
    private const int MaxMessage = 8 << 20;

    public static void AddStudio(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxMessage);
        // The protected data is only used by this process, so the keys need not be stored.
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
