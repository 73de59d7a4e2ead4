using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Training;

/// <summary>Tells whether a saved state of training belongs to the training that is about to begin.</summary>
internal static class TrainingFingerprint
{
    public static string Of<TTarget>(TaskModel model, TrainingOptions options, int seed, IEnumerable<IReadOnlyList<Example<TTarget>>> sets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(string.Join('|',
            model.ClassName, model.ParameterCount, seed, options.Epochs, options.BatchSize, options.MaxTokensPerBatch, options.LearningRate.ToString("R", null),
            options.Schedule, options.WarmupShare, options.WeightDecay, options.GradientClip, options.AccumulationSteps, options.FrozenStages,
            options.Patience, options.Precision));
        foreach (IReadOnlyList<Example<TTarget>> set in sets)
        {
            Add($"rows {set.Count}");
            foreach (Example<TTarget> example in set)
            {
                hash.AppendData(MemoryMarshal.AsBytes(example.Tokens.Ids.AsSpan()));
                hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(example.Target));
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
