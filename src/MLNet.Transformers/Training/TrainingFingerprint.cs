using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MLNet.Transformers.Models;
using TorchSharp;

namespace MLNet.Transformers.Training;

/// <summary>Tells whether a saved state of training belongs to the training that is about to begin.</summary>
internal static class TrainingFingerprint
{
    public static string Of<TTarget>(TaskModel model, TrainingOptions options, int seed, IEnumerable<IReadOnlyList<Example<TTarget>>> sets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(model.ClassName, string.Join('|', model.Config.Labels), $"{seed}", options.Identity);
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            using var scope = torch.NewDisposeScope();
            Add(name, parameter.detach().sum(torch.ScalarType.Float64).item<double>().ToString("R", CultureInfo.InvariantCulture));
        }
        foreach (IReadOnlyList<Example<TTarget>> set in sets)
        {
            Add($"rows {set.Count}");
            foreach (Example<TTarget> example in set)
            {
                Add($"{example.Tokens.Length}");
                hash.AppendData(MemoryMarshal.AsBytes(example.Tokens.Ids.AsSpan()));
                hash.AppendData(MemoryMarshal.AsBytes(example.Tokens.SegmentIds.AsSpan()));
                hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(example.Target));
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());

        void Add(params string[] texts)
        {
            foreach (string text in texts)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
            }
        }
    }
}
