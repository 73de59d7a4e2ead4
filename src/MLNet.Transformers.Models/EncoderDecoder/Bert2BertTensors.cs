using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.EncoderDecoder;

/// <summary>A checkpoint of BERT under the names of an encoder-decoder: what encoder and decoder have in common is there twice.</summary>
internal sealed class Bert2BertTensors : ITensorSource
{
    private readonly ITensorSource _bert;
    private readonly Dictionary<string, string> _originals = [];

    /// <param name="bert">The checkpoint's tensors, disposed with this.</param>
    /// <exception cref="CheckpointException">Two tensors have the same name but for its age.</exception>
    public Bert2BertTensors(ITensorSource bert)
    {
        _bert = bert;
        foreach ((string original, string name) in bert.Names.SelectMany(original => Names(original).Select(name => (original, name))))
        {
            if (!_originals.TryAdd(name, original))
            {
                throw new CheckpointException($"'{bert.Path}' holds the same tensor twice: {original} and {_originals[name]}.");
            }
        }
    }

    public string Path => _bert.Path;

    IReadOnlyCollection<string> ITensorSource.Names => _originals.Keys;

    public TensorEntry this[string name] => _bert[_originals[name]] with { Name = name };

    public void CopyTo(string name, Tensor target) => _bert.CopyTo(_originals[name], target);

    public void Dispose() => _bert.Dispose();

    private static string[] Names(string original)
    {
        const string Prefix = "bert.";
        string modern = BertArchitecture.LegacyNames.Modernize(original);
        string name = modern.StartsWith(Prefix, StringComparison.Ordinal) ? modern[Prefix.Length..] : modern;
        return name.Split('.')[0] switch
        {
            "embeddings" or "encoder" => [$"encoder.{name}", $"decoder.bert.{name}"],
            "pooler" => [$"encoder.{name}"],
            "cls" when name.StartsWith("cls.predictions.", StringComparison.Ordinal) => [$"decoder.{name}"],
            _ => [original],
        };
    }
}
