using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MLNet.Transformers.Models;
using TorchSharp;

namespace MLNet.Transformers.Training;

/// <summary>Tells whether a saved state of training belongs to the training that is about to begin.</summary>
internal static class TrainingFingerprint
{
    /// <param name="network">The network before the first step: its class, labels and weights count.</param>
    /// <param name="options">The options' <see cref="TrainingOptions.Identity"/> counts.</param>
    /// <param name="seed">Seed of the training.</param>
    /// <param name="identities">What objective, features and validation say of themselves.</param>
    public static string Of(TaskModel network, TrainingOptions options, int seed, params string?[] identities)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(network.ClassName, string.Join('|', network.Config.Labels), $"{seed}", options.Identity);
        Add(identities);
        foreach ((string name, var parameter) in network.NamedParameters)
        {
            using var scope = torch.NewDisposeScope();
            Add(name, parameter.detach().sum(torch.ScalarType.Float64).item<double>().ToString("R", CultureInfo.InvariantCulture));
        }
        return Convert.ToHexString(hash.GetHashAndReset());

        void Add(params string?[] texts)
        {
            foreach (string? text in texts)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
            }
        }
    }
}
