using System.Text;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>What becomes of each parameter of a network and of each tensor of a checkpoint, before anything is read.</summary>
internal sealed class LoadPlan
{
    private readonly List<(string Stored, Tensor Target)> _copies = [];
    private readonly List<(string Name, Parameter Parameter)> _fresh = [];
    private readonly List<string> _ignored = [];
    private readonly List<string> _missing = [];
    private readonly List<string> _unexpected = [];
    private readonly List<string> _misshaped = [];
    private readonly IReadOnlyList<string> _twice;

    /// <param name="model">The network.</param>
    /// <param name="source">The checkpoint's tensors.</param>
    /// <param name="mayAdd">As <see cref="CheckpointLoader.Load"/> takes it.</param>
    /// <param name="replace">As <see cref="CheckpointLoader.Load"/> takes it.</param>
    public LoadPlan(TaskModel model, ITensorSource source, IReadOnlyList<string> mayAdd, IReadOnlyList<string> replace)
    {
        var names = new StoredNames(model, source);
        _twice = names.Twice;
        var used = new HashSet<string>();
        foreach ((string name, Parameter parameter) in model.NamedParameters)
        {
            string? found = names.Find(name);
            used.UnionWith(found is null ? [] : [found]);
            if (StartsWithAny(name, replace))
            {
                _fresh.Add((name, parameter));
            }
            else if (found is not null)
            {
                Copy(names.All[found], parameter, source);
            }
            else if (names.NamesOf(name).Any(known => StartsWithAny(known, mayAdd)) || StartsWithAny(name, model.Spec.Unused))
            {
                _fresh.Add((name, parameter));
            }
            else
            {
                _missing.Add(name);
            }
        }
        foreach ((string name, Tensor buffer) in model.NamedBuffers.Where(item => names.All.ContainsKey(item.Name)))
        {
            used.Add(name);
            Copy(names.All[name], buffer, source);
        }
        foreach ((string name, string stored) in names.All.Where(item => !used.Contains(item.Key)))
        {
            (names.IsIgnored(name) ? _ignored : _unexpected).Add(stored);
        }
    }

    public IReadOnlyList<(string Stored, Tensor Target)> Copies => _copies;

    public IReadOnlyList<(string Name, Parameter Parameter)> Fresh => _fresh;

    /// <summary>Tensors of the checkpoint that the network has no use for.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <exception cref="CheckpointException">Something does not fit; the message lists everything that does not.</exception>
    public void ThrowIfFaulty(string path, string className)
    {
        var message = new StringBuilder();
        Describe("missing", _missing);
        Describe("not expected", _unexpected);
        Describe("of another shape than config.json says", _misshaped);
        Describe("the same tensor twice", _twice);
        if (message.Length > 0)
        {
            throw new CheckpointException($"'{path}' does not fit {className}:{message}");
        }

        void Describe(string fault, IReadOnlyList<string> names)
        {
            if (names.Count > 0)
            {
                message.Append('\n').Append(fault).Append(" (").Append(names.Count).Append("): ").AppendJoin("; ", names);
            }
        }
    }

    private void Copy(string stored, Tensor target, ITensorSource source)
    {
        TensorEntry entry = source[stored];
        if (entry.Shape.AsSpan().SequenceEqual(target.shape))
        {
            _copies.Add((stored, target));
        }
        else
        {
            _misshaped.Add($"{stored} is [{string.Join(", ", entry.Shape)}], expected [{string.Join(", ", target.shape)}]");
        }
    }

    private static bool StartsWithAny(string name, IReadOnlyList<string> beginnings) =>
        beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));
}
