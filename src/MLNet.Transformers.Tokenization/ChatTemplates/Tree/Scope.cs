using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>The variables at a place of a template, and those around it. Loops, macros and captured blocks have scopes of their own; if has not.</summary>
internal sealed class Scope(Scope? parent, Rendering rendering)
{
    private readonly Scope? _parent = parent;
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public Rendering Rendering => rendering;

    public Budget Budget => rendering.Budget;

    public Scope Inner() => new(this, rendering);

    public void Set(string name, object? value) => _variables[name] = value;

    public bool TryGet(string name, out object? value)
    {
        for (Scope? scope = this; scope is not null; scope = scope._parent)
        {
            if (scope._variables.TryGetValue(name, out value))
            {
                return true;
            }
        }
        value = null;
        return false;
    }
}
