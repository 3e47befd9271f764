using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Operations;

/// <summary>Configures the log of a service, which is written to standard output.</summary>
internal static class ServiceLog
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Adds the log, in the given format.</summary>
    public static void Add(ILoggingBuilder logging, LogFormat format)
    {
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = TimeFormat;
                // The log is never embedded in HTML, so quotation marks stay readable.
                console.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
            return;
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = TimeFormat + " ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
