using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>Lines in <see cref="MLContext.Log"/>.</summary>
internal static class HostLog
{
    private const string Source = "MLNet.Transformers";

    public static void Info(this IHost host, string message)
    {
        using IChannel channel = host.Start(Source);
        channel.Info(MessageSensitivity.None, message);
    }

    public static void Error(this IHostEnvironment environment, string message)
    {
        using IChannel channel = environment.Start(Source);
        channel.Error(MessageSensitivity.None, message);
    }
}
