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
    private readonly List<string> _otherTypes = [];
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

    /// <summary>Tensors of the checkpoint that the network is known to have no use for: other heads, copies, buffers.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>Tensors of the checkpoint that no network of the architecture has.</summary>
    public IReadOnlyList<string> Unexpected => _unexpected;

    /// <exception cref="CheckpointException">Something does not fit; the message lists everything that does not.</exception>
    public void ThrowIfFaulty(string path, string className, bool strict)
    {
        string faults = Describe("missing", _missing) + Describe("of another shape than config.json says", _misshaped)
            + Describe("of a type that is not computed with", _otherTypes) + Describe("the same tensor twice", _twice);
        if (faults.Length > 0 || (strict && _unexpected.Count > 0))
        {
            // What is not expected often is what is missing, under another name.
            throw new CheckpointException($"'{path}' does not fit {className}:{faults}{Describe("not expected", _unexpected)}");
        }
    }

    private static string Describe(string fault, IReadOnlyList<string> names) =>
        names.Count == 0 ? "" : $"\n{fault} ({names.Count}): {NameList.Cut(names, "; ")}";

    private void Copy(string stored, Tensor target, ITensorSource source)
    {
        TensorEntry entry = source[stored];
        if (entry.Type is null)
        {
            _otherTypes.Add($"{stored} is {entry.TypeName}");
        }
        else if (entry.Shape.AsSpan().SequenceEqual(target.shape))
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
